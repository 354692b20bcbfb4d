import { Frame, Op, type Distribution, type Drawable, type Particle, type Process, type Site } from "@pgl/runtime";
import type { Context } from "../context.js";
import { LanguageModelError } from "../errors.js";
import type { LogRow } from "../log-row.js";
import type { ModelReference, ModelSession } from "../session.js";
import type { TokenDistribution } from "../token-distribution.js";
import type { Token } from "../token.js";

/** A context whose next token some model is asked for. */
export interface Ask {
  readonly alias: ModelReference;
  readonly context: Context;
}

/** Something made of rows of models, one for each context it asks about. */
export interface OfRows<R> {
  readonly asks: readonly Ask[];
  readonly recipe: (rows: readonly LogRow[], sessions: readonly ModelSession[]) => R;
}

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

/** A distribution over the next token that is made of rows. */
export interface NextDistribution extends Process<Token>, OfRows<TokenDistribution> {
  readonly isNext: true;
  /** Made of a product that is renormalised here, and so is not the product's own law: draws say so. */
  readonly isLocalProduct: boolean;
}

export const isNext = (value: object): value is NextDistribution =>
  (value as Partial<NextDistribution>).isNext === true;

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

/** What a next token may be proposed from. @throws LanguageModelError PGLM014 for anything else. */
export function proposable(
  proposal: Drawable<Token> | null,
  site: Site,
): NextDistribution | Distribution<Token> | null {
  if (proposal === null || proposal.kind === "distribution" || isNext(proposal)) return proposal;
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
