import {
  Frame,
  Op,
  type Distribution,
  type Drawable,
  type Factor,
  type Particle,
  type Process,
  type Site,
} from "@pgl/runtime";
import type { Context } from "../context.js";
import { LanguageModelError } from "../errors.js";
import type { LogRow } from "../log-row.js";
import type { ModelReference, ModelSession } from "../session.js";
import type { TokenDistribution } from "../token-distribution.js";
import { mixTokens } from "../token-distribution.js";
import { Token } from "../token.js";
import { partSite } from "./part-site.js";
import { ProductNext } from "./product-next.js";
import { warnOfLocalProduct } from "./product-tokens.js";
import { mixtureWeights } from "./weights.js";

/** A context whose next token some model is asked for. */
interface Ask {
  readonly alias: ModelReference;
  readonly context: Context;
}

/** Something made of rows of models, one for each context it asks about. */
export interface OfRows<R> {
  readonly asks: readonly Ask[];
  readonly recipe: (rows: readonly LogRow[], sessions: readonly ModelSession[]) => R;
}

type Recipe = OfRows<TokenDistribution>["recipe"];

/** What `combine` makes of the distributions of several processes. */
export function combineRows<R>(
  parts: readonly OfRows<TokenDistribution>[],
  combine: (made: readonly TokenDistribution[]) => R,
): OfRows<R> {
  const ends: number[] = [];
  let end = 0;
  for (const part of parts) ends.push((end += part.asks.length));
  return {
    asks: parts.flatMap((p) => p.asks),
    recipe: (rows, sessions) =>
      combine(
        parts.map((part, i) => {
          const start = i === 0 ? 0 : ends[i - 1]!;
          return part.recipe(rows.slice(start, ends[i]), sessions.slice(start, ends[i]));
        }),
      ),
  };
}

/**
 * `lm.next(ctx)`: the next token after a context, and what `where`, `tempered`, `top_k`, `top_p` and `mix` make of it. All
 * of these are *local*: they renormalise this one distribution.
 */
export class NextProcess implements Process<Token>, OfRows<TokenDistribution> {
  readonly kind = "process";
  readonly name = "next token";

  private constructor(
    /** The rows the distribution is made of. */
    readonly asks: readonly Ask[],
    readonly recipe: Recipe,
    /** Made of a product that is renormalised here, and so is not the product's own law: draws say so. */
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

  /** A product of the parts, renormalised. */
  static localProduct({ asks, recipe }: OfRows<TokenDistribution>): NextProcess {
    return new NextProcess(asks, recipe, true);
  }

  /** @throws LanguageModelError PGLM018 when a part is no next-token distribution. */
  multiply(factors: readonly Factor<Token>[]): ProductNext {
    return ProductNext.of(factors);
  }

  private then(change: (d: TokenDistribution) => TokenDistribution): NextProcess {
    const recipe: Recipe = (rows, sessions) => change(this.recipe(rows, sessions));
    return new NextProcess(this.asks, recipe, this.isLocalProduct);
  }
}

const isNext = (value: object): value is NextProcess => value instanceof NextProcess;

/** Asks for the rows and returns what is made of them. */
export class NextRows extends Frame {
  private rows: readonly LogRow[] = [];
  constructor(private readonly wanted: OfRows<unknown>) {
    super();
  }

  step(particle: Particle): Op {
    const { asks, recipe } = this.wanted;
    if (this.pc === 1) {
      this.rows = [...this.rows, particle.value as LogRow];
      this.pc = 0;
    }
    while (this.rows.length < asks.length) {
      const { alias, context } = asks[this.rows.length]!;
      const session = alias.session(particle.environment);
      const node = context.nodeIn(session.tree, session.model.vocabulary);
      const row = session.known(node);
      if (row === undefined) {
        this.pc = 1;
        particle.request = session.rowRequest(node);
        return Op.Request;
      }
      this.rows = [...this.rows, row];
    }
    return particle.return(
      recipe(
        this.rows,
        asks.map(({ alias }) => alias.session(particle.environment)),
      ),
    );
  }

  protected copy(): Frame {
    const twin = new NextRows(this.wanted);
    twin.rows = this.rows;
    return twin;
  }
}

class NextDraw extends Frame {
  private target: TokenDistribution | null = null;
  constructor(
    private readonly process: NextProcess,
    private readonly site: Site,
    private readonly proposal: NextProcess | Distribution<Token> | null,
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
        if (this.proposal instanceof NextProcess) {
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

/** What a next token may be proposed from. @throws LanguageModelError PGLM014 for anything else. */
export function proposable(proposal: Drawable<Token> | null, site: Site): NextProcess | Distribution<Token> | null {
  if (proposal === null || proposal.kind === "distribution" || proposal instanceof NextProcess) return proposal;
  throw new LanguageModelError("PGLM014", `A ${proposal.name} cannot be proposed for a next token.`, {
    site,
    hint: "Propose from `next` of a model with the same vocabulary, or from a distribution over tokens.",
  });
}

/** @throws LanguageModelError PGLM010 when a proposal's tokens are not the target's. */
export function sameVocabulary(target: TokenDistribution, proposal: TokenDistribution, site: Site): TokenDistribution {
  if (target.vocabulary.same(proposal.vocabulary)) return proposal;
  throw new LanguageModelError("PGLM010", "The proposal's model has other tokens than the model proposed for.", {
    site,
    hint: "Propose from a model with the same tokenizer.",
  });
}
