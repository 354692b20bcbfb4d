import type { Op } from "./op.js";
import type { Particle } from "./particle.js";

/**
 * One activation of a model: a program counter and the values that are live. Frames are linked from callee to caller. A
 * fork copies the top one; those below are shared between particles until control comes back to them (copy on write), so
 * forking costs O(live values of one frame), however deep the stack is.
 *
 * A subclass's fields hold immutable values only.
 */
export abstract class Frame {
  /** Where `step` goes on. */
  pc = 0;
  parent: Frame | null = null;
  /** How many frames there are up to this one. */
  depth = 1;
  /** More than one particle (or frame) may point here: whoever wants to write copies first. */
  shared = false;

  /** Runs to the next thing only a machine can do, and says what it is. `particle.value` holds the last answer. */
  abstract step(particle: Particle): Op;

  /**
   * The values, at the present `pc`, that what is still to come depends on: the distributions and weights of the rest of
   * the execution, and what this frame returns if that matters (`result`). Two frames of a class at the same `pc` with
   * equal ones go on alike, whatever their other fields hold. Asked of frames that stand at a draw, their own or one of a
   * frame they have called. Null when the frame cannot tell; it is then like no other.
   */
  live(_result: boolean): readonly unknown[] | null {
    return null;
  }

  /** Whether what is still to come, in the same sense, depends on the answer that the frame waits for. */
  awaits(_result: boolean): boolean {
    return true;
  }

  /** Says, before it has run, that nobody wants what the frame returns: it need not compute what goes only into that. */
  drop(): void {
    // Most frames compute little else.
  }

  /** A new frame of the same class with the same field values, `pc` and `parent` apart. */
  protected abstract copy(): Frame;

  /** A frame that may be written to: this one, or a copy when it is shared. */
  owned(): Frame {
    return this.shared ? this.twin() : this;
  }

  /** A copy at the same place in the program, with the same callers. */
  twin(): Frame {
    const twin = this.copy();
    twin.pc = this.pc;
    twin.parent = this.parent;
    twin.depth = this.depth;
    if (twin.parent !== null) twin.parent.shared = true;
    return twin;
  }
}
