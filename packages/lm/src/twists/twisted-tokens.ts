import type { RandomSource } from "@pgl/runtime";
import type { TokenMask } from "../guided/token-mask.js";
import { drawPlace, firstAbove, pointsOf } from "../inversion.js";
import { BLOCK, type LogRow } from "../log-row.js";
import { placeOf } from "../place-of.js";
import type { TokenDistribution, TokenDraw } from "../token-distribution.js";
import type { Vocabulary } from "../vocabulary.js";
import { expanded, twistShortlist } from "./shortlisted.js";
import type { NextPsi, PsiTable } from "./span-twist.js";
import { silent, TwistedDraw, type Twisted } from "./twisted.js";

/**
 * Draws from q(v) = (1 − share) · p(v)·ψ(v)/Z + share · p(v), to be proposed for p.
 *
 * @param target p: what is left of `whole` by `mask`
 */
export function twistTokens(
  target: TokenDraw,
  whole: TokenDistribution,
  mask: TokenMask | null,
  psi: NextPsi,
  share: number,
): Twisted {
  const { ids, row, vocabulary } = whole;
  if ("ids" in psi) {
    // What a shortlist takes for nothing has to be drawn without the twist.
    if (ids === null && share > 0) return twistShortlist(target, whole, mask, psi, share);
    return twistTokens(target, whole, mask, expanded(psi, vocabulary.size), share);
  }
  const members = ids === null && mask !== null ? mask.members : null;
  const isTable = "read" in psi;
  if (isTable && ids === null && members === null) return twistBlocks(target, whole, mask, psi, share);
  const of = members ?? ids;
  const { weights, logScale } = isTable
    ? weighted(row, ids, of!, mask, read(psi, vocabulary.size))
    : logWeighted(row, ids, members, mask, psi);
  let total = 0;
  for (let at = 0; at < weights.length; at++) total += weights[at]!;
  if (!(total > SMALLEST)) return silent(target);
  let any = 0;
  while (weights[any] === 0) any++;
  const place = members === null ? any : members[any]!;
  const logMean = logScale + Math.log(total) - logNormaliser(target, row, place, ids === null ? place : ids[place]!);
  const tokens = new TwistedTokens(vocabulary, target, weights, total, of, share);
  return { logMean, tokens, logPsi: logPsiOf(tokens, target, logMean) };
}

/** p(v) = exp(logits[v]) / Σ of the mask: log Σ by a token that p gives a probability. */
const logNormaliser = (target: TokenDraw, row: LogRow, place: number, id: number): number =>
  row.logits[place]! - target.logProbability(id);

const logPsiOf =
  (tokens: TwistedDraw, target: TokenDraw, logMean: number) =>
  (id: number): number =>
    Math.log(tokens.twisted(id)) + logMean - target.logProbability(id);

/** Below this products lose digits, and some that are not much smaller are zero: then the twist is silent. */
const SMALLEST = 1e-280;

/** ψ by token id, to be gone through at once: the next one is written over it. */
let passing = new Float64Array(0);

function read(psi: PsiTable, size: number, from = 0, to = size): Float64Array {
  if (passing.length < size) passing = new Float64Array(size);
  psi.read(passing, from, to);
  return passing;
}

/**
 * A draw over most of a vocabulary: products are summed in blocks and not kept. Those of the block that a token is drawn from
 * are made once more.
 */
function twistBlocks(
  target: TokenDraw,
  whole: TokenDistribution,
  mask: TokenMask | null,
  table: PsiTable,
  share: number,
): Twisted {
  const { row, vocabulary } = whole;
  const { size } = row;
  const exponentials = row.passingWeights;
  const psi = read(table, size);
  const others = mask?.others ?? null;
  if (others !== null) for (let i = 0; i < others.length; i++) psi[others[i]!] = 0;
  const sums = new Float64Array(Math.ceil(size / BLOCK));
  let total = 0;
  for (let block = 0, id = 0; block < sums.length; block++) {
    const end = Math.min(id + BLOCK, size);
    // Four sums at a time: one alone waits for every addition.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (; id + 3 < end; id += 4) {
      a += exponentials[id]! * psi[id]!;
      b += exponentials[id + 1]! * psi[id + 1]!;
      c += exponentials[id + 2]! * psi[id + 2]!;
      d += exponentials[id + 3]! * psi[id + 3]!;
    }
    for (; id < end; id++) a += exponentials[id]! * psi[id]!;
    sums[block] = total += a + b + (c + d);
  }
  if (!(total > SMALLEST)) return silent(target);
  let any = 0;
  while (!(exponentials[any]! * psi[any]! > 0)) any++;
  const logMean = row.scale + Math.log(total) - logNormaliser(target, row, any, any);
  const tokens = new BlockTokens(vocabulary, target, row, mask, table, sums, share);
  return { logMean, tokens, logPsi: logPsiOf(tokens, target, logMean) };
}

class BlockTokens extends TwistedDraw {
  constructor(
    vocabulary: Vocabulary,
    plain: TokenDraw,
    private readonly row: LogRow,
    private readonly mask: TokenMask | null,
    private readonly psi: PsiTable,
    /** Σ exp(logits − scale)·ψ up to the end of each block of `BLOCK` tokens. */
    private readonly sums: Float64Array,
    share: number,
  ) {
    super(vocabulary, plain, share);
  }

  private get total(): number {
    return this.sums[this.sums.length - 1]!;
  }

  override twisted(id: number): number {
    const psi = read(this.psi, this.row.size, id, id + 1);
    return this.mask?.has(id) === false ? 0 : this.weight(id, psi) / this.total;
  }

  protected override draw(random: RandomSource): number {
    const { sums, row, mask } = this;
    const target = random.uniformAmong(this.breakpoints) * this.total;
    const block = firstAbove(sums, target);
    const from = block * BLOCK;
    const to = Math.min(from + BLOCK, row.size);
    const psi = read(this.psi, row.size, from, to);
    let sum = block === 0 ? 0 : sums[block - 1]!;
    // Rounding may carry the target to the end of the block: then it is the last token there that has a weight.
    let last = from;
    for (let id = from; id < to; id++) {
      if (mask !== null && !mask.has(id)) continue;
      const weight = this.weight(id, psi);
      if (weight === 0) continue;
      last = id;
      if ((sum += weight) > target) break;
    }
    return last;
  }

  /** exp(logits − scale)·ψ. */
  private weight(id: number, psi: Float64Array): number {
    return Math.exp(this.row.logits[id]! - this.row.scale) * psi[id]!;
  }

  private readonly breakpoints = (): Float64Array => {
    const { row, mask } = this;
    const psi = read(this.psi, row.size);
    return pointsOf(
      Float64Array.from(row.logits, (_, id) => (mask?.has(id) === false ? 0 : this.weight(id, psi))),
      this.total,
    );
  };
}

/** exp(logits)·ψ up to a factor of exp(logScale). */
interface Weighted {
  readonly weights: Float64Array;
  readonly logScale: number;
}

/** From ψ, of some tokens: of a row over the vocabulary, or of one that has only those. */
function weighted(
  row: LogRow,
  ids: Int32Array | null,
  of: Int32Array,
  mask: TokenMask | null,
  psi: Float64Array,
): Weighted {
  const exponentials = row.passingWeights;
  const weights = new Float64Array(of.length);
  for (let at = 0; at < weights.length; at++) {
    const id = of[at]!;
    if (ids === null || mask === null || mask.has(id)) weights[at] = exponentials[ids === null ? id : at]! * psi[id]!;
  }
  return { weights, logScale: row.scale };
}

/** From log ψ: one exponential a token, because the sum of the two logarithms is kept until the largest is known. */
function logWeighted(
  row: LogRow,
  ids: Int32Array | null,
  members: Int32Array | null,
  mask: TokenMask | null,
  logPsi: Float64Array,
): Weighted {
  const { logits } = row;
  const weights = new Float64Array(members === null ? row.size : members.length);
  let most = -Infinity;
  for (let at = 0; at < weights.length; at++) {
    const place = members === null ? at : members[at]!;
    const id = ids === null ? place : ids[place]!;
    const allowed = members !== null || mask === null || mask.has(id);
    const log = allowed ? logits[place]! + logPsi[id]! : -Infinity;
    weights[at] = log;
    if (log > most) most = log;
  }
  if (most === -Infinity) return { weights: weights.fill(0), logScale: 0 };
  for (let at = 0; at < weights.length; at++) weights[at] = Math.exp(weights[at]! - most);
  return { weights, logScale: most };
}

class TwistedTokens extends TwistedDraw {
  constructor(
    vocabulary: Vocabulary,
    plain: TokenDraw,
    private readonly weights: Float64Array,
    private readonly total: number,
    /** The tokens that the weights are of, ascending; null for all. */
    private readonly ids: Int32Array | null,
    share: number,
  ) {
    super(vocabulary, plain, share);
  }

  override twisted(id: number): number {
    const { ids, weights, total } = this;
    const at = ids === null ? id : placeOf(ids, id);
    return at < 0 ? 0 : weights[at]! / total;
  }

  protected override draw(random: RandomSource): number {
    const at = drawPlace(this.weights, this.total, random);
    return this.ids === null ? at : this.ids[at]!;
  }
}
