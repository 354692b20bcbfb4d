import {
  Frame,
  type Distribution,
  type Drawable,
  type Factor,
  type Op,
  type Particle,
  type Product,
  type Site,
} from "@pgl/runtime";
import { LanguageModelError } from "../errors.js";
import type { TokenDistribution } from "../token-distribution.js";
import { Token } from "../token.js";
import {
  combineRows,
  isNext,
  NextRows,
  proposable,
  sameVocabulary,
  type NextDistribution,
  type OfRows,
} from "./next-rows.js";
import { partSite } from "./part-site.js";
import { multiplyTokens, type TokenProduct } from "./product-tokens.js";

/** How a distribution of tokens is made of rows, for the product that is renormalised. */
type Normalised = (rows: OfRows<TokenDistribution>) => NextDistribution;

/**
 * A product of next-token distributions. A token is drawn from the renormalised product, and the draw weighs by the
 * normaliser: over a text drawn so, token by token, the measure is the product of the parts' probabilities of the whole
 * text.
 */
export class ProductNext implements Product<Token> {
  readonly kind = "process";
  readonly name = "product of next tokens";

  private constructor(
    readonly factors: readonly Factor<Token>[],
    private readonly parts: readonly NextDistribution[],
    private readonly exponents: readonly number[],
    private readonly normalised: Normalised,
  ) {}

  /** @throws LanguageModelError PGLM018 when a part is no next-token distribution, or an exponent is no number. */
  static of(factors: readonly Factor<Token>[], normalised: Normalised): ProductNext {
    const parts: NextDistribution[] = [];
    const exponents: number[] = [];
    for (const { part, exponent } of factors) {
      if (!isNext(part)) {
        throw new LanguageModelError("PGLM018", `A next token cannot be multiplied by a ${part.name}.`, {
          hint: "Multiply distributions made by `next`, or draw the token and observe it under the other distribution.",
        });
      }
      if (typeof exponent !== "number") {
        throw new LanguageModelError("PGLM018", "A next token has one exponent, not a list of them.", {
          hint: "In a loop, take the exponent of its turn: `lm.next(ctx) ^ exponents[i]`.",
        });
      }
      parts.push(part);
      exponents.push(exponent);
    }
    return new ProductNext(factors, parts, exponents, normalised);
  }

  /** Draws the token, after weighing by the normaliser. The proposal may be what a next token may be proposed from. */
  draw(site: Site, proposal: Drawable<Token> | null): Frame {
    return new ProductDraw(this, site, proposable(proposal, site));
  }

  /** Σ exponentᵢ log pᵢ(token), in nats: not normalised. */
  logDensity(value: Token): Frame {
    if (!(value instanceof Token)) return this.parts[0]!.logDensity(value);
    return new ProductTokenDensity(this, value);
  }

  /** The renormalised product: a text drawn from it token by token does not have the law of the product. */
  local(): NextDistribution {
    return this.normalised(
      combineRows(this.parts, (made) => {
        const { tokens } = multiplyTokens(made, this.exponents);
        if (tokens !== null) return tokens;
        throw new LanguageModelError("PGLM009", "The parts of the product have no token in common.", {
          hint: "Without `.local()` this ends one particle, not the run.",
        });
      }),
    );
  }

  /** The product of the parts' rows. */
  tokens(site?: Site): OfRows<TokenProduct> {
    return combineRows(this.parts, (made) => multiplyTokens(made, this.exponents, site));
  }
}

class ProductDraw extends Frame {
  private product: TokenProduct | null = null;

  constructor(
    private readonly process: ProductNext,
    private readonly site: Site,
    private readonly proposal: NextDistribution | Distribution<Token> | null,
  ) {
    super();
  }

  step(particle: Particle): Op {
    const { proposal, site } = this;
    switch (this.pc) {
      case 0:
        this.pc = 1;
        return particle.call(new NextRows(this.process.tokens(site)));
      case 1:
        this.product = particle.value as TokenProduct;
        this.pc = 2;
        return particle.factor(this.product.logMass, site);
      case 2:
        if (proposal !== null && isNext(proposal)) {
          this.pc = 3;
          return particle.call(new NextRows(proposal));
        }
        this.pc = 4;
        return particle.sample(this.product!.tokens!, partSite(site), proposal);
      case 3: {
        const { tokens } = this.product!;
        this.pc = 4;
        return particle.sample(
          tokens!,
          partSite(site),
          sameVocabulary(tokens!, particle.value as TokenDistribution, site),
        );
      }
      default: {
        const token = particle.value as Token;
        particle.record(site, token, this.product!.tokens!.logDensity(token) + this.product!.logMass);
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
    const twin = new ProductDraw(this.process, this.site, this.proposal);
    twin.product = this.product;
    return twin;
  }
}

class ProductTokenDensity extends Frame {
  constructor(
    private readonly process: ProductNext,
    private readonly value: Token,
  ) {
    super();
  }

  step(particle: Particle): Op {
    if (this.pc === 0) {
      this.pc = 1;
      return particle.call(new NextRows(this.process.tokens()));
    }
    const { tokens, logMass } = particle.value as TokenProduct;
    return particle.return(tokens === null ? -Infinity : tokens.logDensity(this.value) + logMass);
  }

  protected copy(): Frame {
    return new ProductTokenDensity(this.process, this.value);
  }
}
