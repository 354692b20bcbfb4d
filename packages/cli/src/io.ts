/** Where a command reads and writes: the process's own streams, a thread's messages, or a test's buffers. */
export interface Io {
  /** To standard output: results and nothing else. */
  write(text: string): void;
  /** To standard error: diagnostics, progress, notes. */
  writeError(text: string): void;
  /** All of standard input. */
  readInput(): Uint8Array;
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  /** Width of the terminal, in columns. */
  readonly columns: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly directory: string;
  /** What an interrupt does to a run; absent where nothing can interrupt. */
  readonly interrupt?: Interrupt;
}

export interface Interrupt {
  /** True from the moment the user asked for an end: seen even by code that never lets the event loop turn. */
  readonly requested: boolean;
  /** Called at the first interrupt. Returns how to stop listening. */
  listen(listener: () => void): () => void;
  /** A run begins, which must be over `seconds` from now (null: whenever it is). Returns how to say that it is over. */
  running(seconds: number | null): () => void;
}

/** Exit statuses of every command. */
export const Exit = {
  fine: 0,
  /** The program is wrong; diagnostics were printed. */
  program: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The run failed. */
  run: 3,
  interrupted: 130,
} as const;

/** The command line asks for something that makes no sense; `main` prints the message and exits with 2. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
    this.name = "UsageError";
  }
}
