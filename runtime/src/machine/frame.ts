import type { Op } from "./op.js";
import type { Particle } from "./particle.js";

/**
 * One activation of a model: a program counter and the values that are live. Frames are linked from callee to caller and
 * are shared between particles until one of them runs (copy on write), so forking a particle costs O(1) and its first
 * step afterwards costs O(live values of one frame).
 *
 * A subclass's fields hold immutable values only.
 */
export abstract class Frame {
  /** Where `step` goes on. */
  pc = 0;
  parent: Frame | null = null;
  /** More than one particle (or frame) may point here: whoever wants to write copies first. */
  shared = false;

  /** Runs to the next thing only a machine can do, and says what it is. `particle.value` holds the last answer. */
  abstract step(particle: Particle): Op;

  /** A new frame of the same class with the same field values, `pc` and `parent` apart. */
  protected abstract copy(): Frame;

  /** A frame that may be written to: this one, or a copy when it is shared. */
  owned(): Frame {
    if (!this.shared) return this;
    const mine = this.copy();
    mine.pc = this.pc;
    mine.parent = this.parent;
    if (mine.parent !== null) mine.parent.shared = true;
    return mine;
  }
}
