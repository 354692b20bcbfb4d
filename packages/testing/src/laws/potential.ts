import { LawError } from "./difference.js";

/** A potential or twist written by a user: nats for a text. */
export type TextPotential = (text: string) => number | Promise<number>;

export interface PotentialLawOptions {
  /** Texts to try, in any order; with their beginnings for a twist. */
  readonly texts: readonly string[];
}

/** A finite model that a twist is for: what the laws of a twist need to know of it. */
export interface TwistLawOptions {
  /** Tokens that may follow a text, with their probabilities; none where the text ends. */
  readonly next: (text: string) => readonly { readonly token: string; readonly probability: number }[];
  /** log φ (nats) of a finished text. */
  readonly potential: TextPotential;
}

export interface TwistReport {
  /** Beginnings of texts that were looked at. */
  readonly prefixes: number;
  /**
   * Largest |log ψ(s) − log ψ*(s) − c| over the beginnings s of one length, c the middle of that length's differences: 0 is
   * a twist that is optimal up to a constant of each length (which cancels out).
   */
  readonly distance: number;
}

/**
 * Throws unless a potential is a function of its text: below +∞ and no NaN, the same each time it is asked and in whatever
 * order. −∞ (a text is ruled out) is allowed.
 *
 * @throws LawError with the text.
 */
export async function expectPotentialLaws(potential: TextPotential, options: PotentialLawOptions): Promise<void> {
  const first = new Map<string, number>();
  for (const text of options.texts) {
    const nats = await potential(text);
    if (typeof nats !== "number" || !(nats < Infinity))
      throw new LawError(`The potential of ${JSON.stringify(text)} is ${String(nats)}, not a number below +Infinity.`);
    first.set(text, nats);
  }
  for (const text of [...options.texts].reverse()) {
    const again = await potential(text);
    if (again !== first.get(text))
      throw new LawError(`The potential of ${JSON.stringify(text)} was ${first.get(text)} and is now ${again}.`);
  }
}

/**
 * Throws unless a twist is one that sequential Monte Carlo can use on a model: a potential (see `expectPotentialLaws`) on
 * every beginning that can come up, and not −∞ where a completion has positive mass (such a twist rules nothing out, and
 * only makes the run worse). Says how far it is from the optimal twist ψ*(s) = Σ over completions of p₀ · φ.
 *
 * @throws LawError with the beginning.
 */
export async function expectTwistLaws(twist: TextPotential, options: TwistLawOptions): Promise<TwistReport> {
  const prefixes: { readonly text: string; readonly depth: number; readonly optimal: number }[] = [];
  const visit = async (text: string, depth: number): Promise<number> => {
    const following = options.next(text).filter(({ probability }) => probability > 0);
    if (following.length === 0) return Math.exp(await options.potential(text));
    let optimal = 0;
    for (const { token, probability } of following) optimal += probability * (await visit(text + token, depth + 1));
    prefixes.push({ text, depth, optimal });
    return optimal;
  };
  await visit("", 0);
  await expectPotentialLaws(twist, { texts: prefixes.map(({ text }) => text) });
  const differences = new Map<number, number[]>();
  for (const { text, depth, optimal } of prefixes) {
    if (optimal === 0) continue;
    const nats = await twist(text);
    if (nats === -Infinity) {
      throw new LawError(
        `The twist of ${JSON.stringify(text)} is -Infinity, but its completions have mass ${optimal}. To rule texts out, use a factor.`,
      );
    }
    differences.set(depth, [...(differences.get(depth) ?? []), nats - Math.log(optimal)]);
  }
  const spread = [...differences.values()].map((ds) => (Math.max(...ds) - Math.min(...ds)) / 2);
  return { prefixes: prefixes.length, distance: Math.max(0, ...spread) };
}
