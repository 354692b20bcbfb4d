import type { Constraint } from "@pgl/constraints";
import type { Op } from "@pgl/runtime";
import {
  Frame,
  type Distribution,
  type Drawable,
  type Particle,
  type Process,
  type RandomSource,
  type Site,
  type Support,
} from "@pgl/runtime";
import { LanguageModelError } from "../errors.js";
import { logSumExp } from "../log-sum.js";
import type { Foresight } from "../twists/foresight.js";
import { partSite } from "./part-site.js";
import { mixtureWeights } from "./weights.js";

/** A distribution over strings that a model draws token by token. */
export interface TextDistribution extends Process<string> {
  readonly isText: true;
  tempered(t: number): TextDistribution;
  top_k(k: number): TextDistribution;
  top_p(p: number): TextDistribution;
  /** Conditioned on a constraint, which `site`, if there is one, would have observed of the finished text. */
  matching(wanted: Constraint, site?: Site | null): TextDistribution;
  /** The same distribution, whose draws may look ahead to a weight that comes after the text. */
  foreseeing(foresight: Foresight): TextDistribution;
}

export const isText = (value: object): value is TextDistribution =>
  (value as Partial<TextDistribution>).isText === true;

/**
 * A mixture of text distributions: a part is drawn by its weight, then the span from it. The log-density of a string is the
 * log of the weighted sum of its probabilities under the parts.
 */
export class MixedText implements TextDistribution {
  readonly kind = "process";
  readonly isText = true;
  readonly name = "mixture of texts";
  private readonly choice: Distribution<number>;

  constructor(
    private readonly weights: readonly number[],
    private readonly parts: readonly TextDistribution[],
  ) {
    this.choice = new PartChoice(weights);
  }

  draw(site: Site, proposal: Drawable<string> | null): Frame {
    if (proposal !== null) {
      throw new LanguageModelError(
        "PGLM014",
        "A mixture of texts takes no proposal: which part a token came from is not known.",
        {
          site,
          hint: "Draw the part first (`let k ~ categorical(…)`), then its text with a proposal.",
        },
      );
    }
    return new MixedDraw(this.choice, this.parts, site);
  }

  logDensity(value: string): Frame {
    return new MixedDensity(this.weights, this.parts, value);
  }

  tempered(t: number): MixedText {
    return new MixedText(
      this.weights,
      this.parts.map((p) => p.tempered(t)),
    );
  }

  top_k(k: number): MixedText {
    return new MixedText(
      this.weights,
      this.parts.map((p) => p.top_k(k)),
    );
  }

  top_p(p: number): MixedText {
    return new MixedText(
      this.weights,
      this.parts.map((part) => part.top_p(p)),
    );
  }

  matching(wanted: Constraint, site: Site | null = null): MixedText {
    return new MixedText(
      this.weights,
      this.parts.map((part) => part.matching(wanted, site)),
    );
  }

  foreseeing(foresight: Foresight): MixedText {
    return new MixedText(
      this.weights,
      this.parts.map((part) => part.foreseeing(foresight)),
    );
  }

  mix(weights: readonly number[], parts: readonly Drawable<unknown>[]): MixedText | null {
    return parts.every(isText) ? new MixedText(mixtureWeights(weights, parts.length), parts) : null;
  }
}

/** Which part of a mixture a span is drawn from. */
class PartChoice implements Distribution<number> {
  readonly kind = "distribution";
  readonly name = "mixture component";
  readonly support: Support<number>;

  constructor(private readonly weights: readonly number[]) {
    this.support = { kind: "finite", values: weights.map((_, i) => i), probabilities: weights };
  }

  logDensity(value: number): number {
    return Math.log(this.weights[value] ?? 0);
  }

  sample(random: RandomSource): number {
    return random.categorical(this.weights);
  }
}

class MixedDraw extends Frame {
  constructor(
    private readonly choice: Distribution<number>,
    private readonly parts: readonly Process<string>[],
    private readonly site: Site,
  ) {
    super();
  }

  step(particle: Particle): Op {
    switch (this.pc) {
      case 0:
        this.pc = 1;
        return particle.sample(this.choice, partSite(this.site));
      case 1:
        this.pc = 2;
        return particle.call(this.parts[particle.value as number]!.draw(this.site, null));
      default:
        return particle.return(particle.value);
    }
  }

  /** At the draw of the part, and while that is drawn. */
  override live(): readonly unknown[] {
    return this.pc === 1 ? [this.parts, this.site] : [];
  }

  override awaits(result: boolean): boolean {
    return this.pc === 1 || result;
  }

  protected copy(): Frame {
    return new MixedDraw(this.choice, this.parts, this.site);
  }
}

class MixedDensity extends Frame {
  private terms: readonly number[] = [];
  constructor(
    private readonly weights: readonly number[],
    private readonly parts: readonly Process<string>[],
    private readonly value: string,
  ) {
    super();
  }

  step(particle: Particle): Op {
    if (this.pc > 0) this.terms = [...this.terms, Math.log(this.weights[this.pc - 1]!) + (particle.value as number)];
    if (this.pc === this.parts.length) return particle.return(logSumExp(this.terms));
    return particle.call(this.parts[this.pc++]!.logDensity(this.value));
  }

  protected copy(): Frame {
    const twin = new MixedDensity(this.weights, this.parts, this.value);
    twin.terms = this.terms;
    return twin;
  }
}
