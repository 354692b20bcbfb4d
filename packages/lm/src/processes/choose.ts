import {
  Frame,
  Op,
  type Distribution,
  type Drawable,
  type Particle,
  type Process,
  type RandomSource,
  type Site,
  type Support,
} from "@pgl/runtime";
import type { Context } from "../context.js";
import { LanguageModelError } from "../errors.js";
import { logSumExp, sum } from "../log-sum.js";
import type { ModelReference, ModelSession, Path } from "../session.js";
import { partSite } from "./part-site.js";

/**
 * `lm.choose(after: …, options: […])`: one of the given strings, with probability proportional to exp(score): what the
 * model gives the *whole* string after the context. All its tokens count, not the first alone. No ending is counted: an
 * option that begins another competes with its full probability. Equal options count once.
 */
export class ChooseProcess implements Process<string> {
  readonly kind = "process";
  readonly name = "choice by a language model";
  private readonly options: readonly string[];

  /** @throws LanguageModelError PGLM012 when there are no options. */
  constructor(
    readonly alias: ModelReference,
    private readonly after: Context,
    options: readonly string[],
  ) {
    if (!Array.isArray(options) || options.length === 0 || !options.every((o) => typeof o === "string")) {
      throw new LanguageModelError("PGLM012", "`choose` needs `options`, a list of at least one string.");
    }
    this.options = [...new Set(options)];
  }

  /** Draws an option; the proposal may be any distribution over strings or another `choose`. */
  draw(site: Site, proposal: Drawable<string> | null): Frame {
    if (proposal !== null && proposal.kind === "process" && !(proposal instanceof ChooseProcess)) {
      throw new LanguageModelError("PGLM014", `A ${proposal.name} cannot be proposed for a choice among strings.`, {
        site,
        hint: "Propose from a distribution over strings, as `categorical` or `choice`, or from another `choose`.",
      });
    }
    return new ChooseDraw(this, site, proposal);
  }

  logDensity(value: string): Frame {
    return new ChooseDensity(this, value);
  }

  /** The paths to score. */
  paths(session: ModelSession): readonly Path[] {
    const { vocabulary } = session.model;
    const start = this.after.nodeIn(session.tree, vocabulary);
    return this.options.map((option) => ({ start, tokens: vocabulary.encode(option), law: session.plain }));
  }

  /** @throws LanguageModelError PGLM009 when every option has probability zero. */
  distribution(scores: readonly Float64Array[]): Distribution<string> {
    const logs = scores.map(sum);
    const total = logSumExp(logs);
    if (total === -Infinity) {
      throw new LanguageModelError("PGLM009", "The model gives every option of `choose` probability zero.", {
        hint: "Check that the options begin as the text goes on (a space at the front, for many models).",
      });
    }
    return new Options(
      this.options,
      logs.map((l) => l - total),
    );
  }
}

/** The options with their log-probabilities. */
class Options implements Distribution<string> {
  readonly kind = "distribution";
  readonly name = "options";
  readonly support: Support<string>;
  private readonly probabilities: readonly number[];

  constructor(
    private readonly options: readonly string[],
    private readonly logProbabilities: readonly number[],
  ) {
    this.probabilities = logProbabilities.map(Math.exp);
    this.support = { kind: "finite", values: options, probabilities: this.probabilities };
  }

  logDensity(value: string): number {
    const at = this.options.indexOf(value);
    return at < 0 ? -Infinity : this.logProbabilities[at]!;
  }

  sample(random: RandomSource): string {
    return this.options[random.categorical(this.probabilities)]!;
  }
}

/** Scores the options and returns their distribution. */
class ChooseScores extends Frame {
  constructor(private readonly process: ChooseProcess) {
    super();
  }

  step(particle: Particle): Op {
    if (this.pc === 0) {
      this.pc = 1;
      const session = this.process.alias.session(particle.environment);
      particle.request = session.pathRequest(this.process.paths(session));
      return Op.Request;
    }
    return particle.return(this.process.distribution(particle.value as readonly Float64Array[]));
  }

  protected copy(): Frame {
    return new ChooseScores(this.process);
  }
}

class ChooseDraw extends Frame {
  private target: Distribution<string> | null = null;
  constructor(
    private readonly process: ChooseProcess,
    private readonly site: Site,
    private readonly proposal: Drawable<string> | null,
  ) {
    super();
  }

  step(particle: Particle): Op {
    switch (this.pc) {
      case 0:
        this.pc = 1;
        return particle.call(new ChooseScores(this.process));
      case 1:
        this.target = particle.value as Distribution<string>;
        if (this.proposal instanceof ChooseProcess) {
          this.pc = 2;
          return particle.call(new ChooseScores(this.proposal));
        }
        this.pc = 3;
        return particle.sample(this.target, partSite(this.site), this.proposal);
      case 2:
        this.pc = 3;
        return particle.sample(this.target!, partSite(this.site), particle.value as Distribution<string>);
      default: {
        const option = particle.value as string;
        particle.record(this.site, option, this.target!.logDensity(option));
        return particle.return(option);
      }
    }
  }

  /** At its draw. What it was drawn from is only recorded. */
  override live(): readonly unknown[] {
    return [];
  }

  override awaits(result: boolean): boolean {
    return result;
  }

  protected copy(): Frame {
    const twin = new ChooseDraw(this.process, this.site, this.proposal);
    twin.target = this.target;
    return twin;
  }
}

class ChooseDensity extends Frame {
  constructor(
    private readonly process: ChooseProcess,
    private readonly value: string,
  ) {
    super();
  }

  step(particle: Particle): Op {
    if (this.pc === 0) {
      this.pc = 1;
      return particle.call(new ChooseScores(this.process));
    }
    return particle.return((particle.value as Distribution<string>).logDensity(this.value));
  }

  protected copy(): Frame {
    return new ChooseDensity(this.process, this.value);
  }
}
