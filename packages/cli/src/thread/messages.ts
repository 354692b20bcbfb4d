/** What the thread that runs a program tells the one that watches over it. */
export type FromThread =
  | { readonly kind: "write"; readonly text: string }
  | { readonly kind: "writeError"; readonly text: string }
  /** A run has begun; it should be over in `seconds`. */
  | { readonly kind: "running"; readonly seconds: number | null }
  | { readonly kind: "idle" }
  | { readonly kind: "exit"; readonly status: number };

export interface ThreadData {
  readonly argv: readonly string[];
  readonly shared: SharedArrayBuffer;
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  readonly columns: number;
}

/** Longest name of a host function that the shared memory holds, in bytes. */
const NAME_BYTES = 120;

/**
 * Memory both threads see: whether an interrupt was asked for, and which host function is being called, so that both can
 * be known while the other thread does not listen.
 */
export class SharedState {
  private readonly flags: Int32Array;
  private readonly name: Uint8Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(8 + NAME_BYTES)) {
    this.flags = new Int32Array(buffer, 0, 2);
    this.name = new Uint8Array(buffer, 8, NAME_BYTES);
  }

  get interrupted(): boolean {
    return Atomics.load(this.flags, 0) === 1;
  }

  interrupt(): void {
    Atomics.store(this.flags, 0, 1);
  }

  enterHost(name: string): void {
    const { written } = new TextEncoder().encodeInto(name, this.name);
    Atomics.store(this.flags, 1, written);
  }

  leaveHost(): void {
    Atomics.store(this.flags, 1, 0);
  }

  /** The host function that has been called and has not returned. */
  get host(): string | null {
    const length = Atomics.load(this.flags, 1);
    return length === 0 ? null : new TextDecoder().decode(this.name.slice(0, length));
  }
}
