import type { Frame } from "../../machine/frame.js";
import { ValueKeys } from "./value-keys.js";

/** A frame and those below it, as far as what is still to come depends on them. */
interface Below {
  /** Equal numbers for stacks that go on alike. */
  readonly number: number;
  /** Whether what the frame above returns matters. */
  readonly awaits: boolean;
}

/** Where a particle stands at a draw. */
export interface Standing {
  readonly key: string;
  /** Whether the value it draws matters beyond its probability. */
  readonly awaits: boolean;
}

/**
 * Keys of machine states: two particles that stand at draws with equal keys, and are given equal values, have the same
 * future: the same distributions, weights and, if `result`, the same value returned, each with the same probability.
 *
 * A key goes down the frame stack (`Frame.live`), but what stands below the frame on top is looked at once: it does not
 * change until control comes back to it. So keys of deep stacks cost no more than those of shallow ones.
 */
export class StateKeys {
  readonly values = new ValueKeys();
  private readonly known = new WeakMap<Frame, Below>();
  private readonly stacks = new Map<string, number>();
  private readonly classes = new Map<unknown, number>();
  private numbers = 0;
  private loners = 0;

  constructor(private readonly result: boolean) {}

  /** Of a particle's frame on top, which may go on afterwards. */
  standing(top: Frame): Standing {
    const below = top.parent === null ? null : this.below(top.parent);
    const matters = below === null ? this.result : below.awaits;
    const own = this.own(top, matters);
    return {
      key: own === null ? `!${this.loners++};` : `${own}/${below === null ? "" : below.number}`,
      awaits: top.awaits(matters),
    };
  }

  private below(frame: Frame): Below {
    // From the first one that is known upwards: a stack may be deeper than JavaScript's own.
    const unknown: Frame[] = [];
    let at: Frame | null = frame;
    let below: Below | null = null;
    for (; at !== null; at = at.parent) {
      const found = this.known.get(at);
      if (found !== undefined) {
        below = found;
        break;
      }
      unknown.push(at);
    }
    for (let i = unknown.length - 1; i >= 0; i--) {
      const next = unknown[i]!;
      // What is known of it holds as long as nobody writes to it: whoever wants to, copies it first.
      next.shared = true;
      const matters = below === null ? this.result : below.awaits;
      const own = this.own(next, matters);
      const number: number =
        own === null ? this.numbers++ : this.numberOf(`${own}/${below === null ? "" : below.number}`);
      below = { number, awaits: next.awaits(matters) };
      this.known.set(next, below);
    }
    return below!;
  }

  private own(frame: Frame, matters: boolean): string | null {
    const live = frame.live(matters);
    if (live === null) return null;
    return `${this.classOf(frame)}.${frame.pc}${matters ? "r" : "-"}${this.values.ofAll(live)}`;
  }

  private classOf(frame: Frame): number {
    let number = this.classes.get(frame.constructor);
    if (number === undefined) this.classes.set(frame.constructor, (number = this.classes.size));
    return number;
  }

  private numberOf(stack: string): number {
    let number = this.stacks.get(stack);
    if (number === undefined) this.stacks.set(stack, (number = this.numbers++));
    return number;
  }
}
