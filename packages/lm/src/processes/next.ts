import { Frame, type Distribution, type Drawable, type Factor, type Op, type Particle, type Site } from "@pgl/runtime";
import type { Context } from "../context.js";
import { LanguageModelError } from "../errors.js";
import type { ModelReference } from "../session.js";
import type { TokenDistribution } from "../token-distribution.js";
import { mixTokens } from "../token-distribution.js";
import { Token } from "../token.js";
import {
  combineRows,
  isNext,
  NextRows,
  proposable,
  sameVocabulary,
  type Ask,
  type NextDistribution,
  type OfRows,
} from "./next-rows.js";
import { partSite } from "./part-site.js";
import { ProductNext } from "./product-next.js";
import { warnOfLocalProduct } from "./product-tokens.js";
import { mixtureWeights } from "./weights.js";

type Recipe = OfRows<TokenDistribution>["recipe"];

/**
 * `lm.next(ctx)`: the next token after a context, and what `where`, `tempered`, `top_k`, `top_p` and `mix` make of it. All
 * of these are *local*: they renormalise this one distribution.
 */
export class NextProcess implements NextDistribution {
  readonly kind = "process";
  readonly isNext = true;
  readonly name = "next token";

  private constructor(
    /** The rows the distribution is made of. */
    readonly asks: readonly Ask[],
    readonly recipe: Recipe,
    readonly isLocalProduct = false,
  ) {}

  static of(alias: ModelReference, context: Context): NextProcess {
    return new NextProcess([{ alias, context }], (rows, sessions) => sessions[0]!.plain(rows[0]!));
  }

  /**
   * Draws the token. The trace records it under `site`. A proposal may be another next-token distribution over the same
   * vocabulary, or a distribution over tokens.
   */
  draw(site: Site, proposal: Drawable<Token> | null): Frame {
    return new NextDraw(this, site, proposable(proposal, site));
  }

  /** The log-probability of a token, in nats. */
  logDensity(value: Token): Frame {
    if (!(value instanceof Token)) {
      throw new LanguageModelError(
        "PGLM012",
        "Only a token has a probability under `next`; a string may be several tokens.",
        {
          hint: "For a string, observe it under `text`, or use `score`.",
        },
      );
    }
    return new NextDensity(this, value);
  }

  where(keep: (token: Token) => boolean): NextProcess {
    return this.then((d) => d.where(keep));
  }

  tempered(t: number): NextProcess {
    return this.then((d) => d.tempered(t));
  }

  top_k(k: number): NextProcess {
    return this.then((d) => d.topK(k));
  }

  top_p(p: number): NextProcess {
    return this.then((d) => d.topP(p));
  }

  /** The exact mixture, if every part is a next-token distribution; else null. */
  mix(weights: readonly number[], parts: readonly Drawable<unknown>[]): NextProcess | null {
    if (!parts.every(isNext)) return null;
    const shares = mixtureWeights(weights, parts.length);
    const { asks, recipe } = combineRows(parts, (made) => mixTokens(shares, made));
    return new NextProcess(
      asks,
      recipe,
      parts.some((part) => part.isLocalProduct),
    );
  }

  /** @throws LanguageModelError PGLM018 when a part is no next-token distribution. */
  multiply(factors: readonly Factor<Token>[]): ProductNext {
    return ProductNext.of(factors, (rows) => new NextProcess(rows.asks, rows.recipe, true));
  }

  private then(change: (d: TokenDistribution) => TokenDistribution): NextProcess {
    const recipe: Recipe = (rows, sessions) => change(this.recipe(rows, sessions));
    return new NextProcess(this.asks, recipe, this.isLocalProduct);
  }
}

class NextDraw extends Frame {
  private target: TokenDistribution | null = null;
  constructor(
    private readonly process: NextProcess,
    private readonly site: Site,
    private readonly proposal: NextDistribution | Distribution<Token> | null,
  ) {
    super();
  }

  step(particle: Particle): Op {
    switch (this.pc) {
      case 0:
        if (this.process.isLocalProduct) warnOfLocalProduct(particle.environment, this.site);
        this.pc = 1;
        return particle.call(new NextRows(this.process));
      case 1:
        this.target = particle.value as TokenDistribution;
        if (this.proposal !== null && isNext(this.proposal)) {
          this.pc = 2;
          return particle.call(new NextRows(this.proposal));
        }
        this.pc = 3;
        return particle.sample(this.target, partSite(this.site), this.proposal);
      case 2: {
        const proposal = particle.value as TokenDistribution;
        this.pc = 3;
        return particle.sample(this.target!, partSite(this.site), sameVocabulary(this.target!, proposal, this.site));
      }
      default: {
        const token = particle.value as Token;
        particle.record(this.site, token, this.target!.logDensity(token));
        return particle.return(token);
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
    const twin = new NextDraw(this.process, this.site, this.proposal);
    twin.target = this.target;
    return twin;
  }
}

class NextDensity extends Frame {
  constructor(
    private readonly process: NextProcess,
    private readonly value: Token,
  ) {
    super();
  }

  step(particle: Particle): Op {
    if (this.pc === 0) {
      this.pc = 1;
      return particle.call(new NextRows(this.process));
    }
    return particle.return((particle.value as TokenDistribution).logDensity(this.value));
  }

  protected copy(): Frame {
    return new NextDensity(this.process, this.value);
  }
}
