import type { Constraint } from "@pgl/constraints";
import { Frame, type Op, type Particle, type Site } from "@pgl/runtime";

/** Draws a text and rules it out unless it matches. */
export class MatchedText extends Frame {
  private text: unknown = undefined;

  constructor(
    private readonly draw: Frame,
    private readonly wanted: Constraint,
    private readonly site: Site,
  ) {
    super();
  }

  step(particle: Particle): Op {
    switch (this.pc++) {
      case 0:
        return particle.call(this.draw);
      case 1:
        this.text = particle.value;
        return particle.condition(this.wanted.test(this.text, particle.environment), this.site);
      default:
        return particle.return(this.text);
    }
  }

  override live(): readonly unknown[] {
    return [this.wanted];
  }

  protected copy(): Frame {
    // Only ever copied after the draw has begun, when `draw` is no longer entered.
    const twin = new MatchedText(this.draw, this.wanted, this.site);
    twin.text = this.text;
    return twin;
  }
}
