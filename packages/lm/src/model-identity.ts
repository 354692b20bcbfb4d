import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { LanguageModel } from "./language-model.js";

/** What tells a model from others: what was made for one is not used with another. */
export interface ModelIdentity {
  readonly name: string;
  /** Hash of the weights: of their file, of what the model says of itself, or of what it answers. */
  readonly weights: string;
  /** Hash of the vocabulary and of what decides how text is tokenised. */
  readonly vocabulary: string;
}

/** Contexts of one token, and of two, whose rows, with that of no token, stand for the weights of a model without more. */
const PROBES = 64;
/** What the second tokens are apart, so that they go all over the vocabulary. */
const STRIDE = 7919;
/** Digits of a log-probability that count. */
const DIGITS = 6;

const identities = new WeakMap<LanguageModel, Promise<ModelIdentity>>();

/** The identity of a model, worked out once. */
export function modelIdentity(model: LanguageModel): Promise<ModelIdentity> {
  let identity = identities.get(model);
  if (identity === undefined) {
    identity = identify(model);
    identities.set(model, identity);
    // A failure may have been of the moment.
    identity.catch(() => identities.delete(model));
  }
  return identity;
}

/** Whether two identities are of the same weights and vocabulary; names may differ. */
export const sameModel = (a: ModelIdentity, b: ModelIdentity): boolean =>
  a.weights === b.weights && a.vocabulary === b.vocabulary;

async function identify(model: LanguageModel): Promise<ModelIdentity> {
  const { name, vocabulary, weightsFile, digest } = model;
  const hash = createHash("sha256");
  if (weightsFile !== undefined) hash.update(await readFile(weightsFile));
  else if (digest !== undefined) hash.update(digest);
  else {
    const { bosId, size } = vocabulary;
    const start = bosId === null ? [] : [bosId];
    const tokens = Array.from({ length: Math.min(PROBES, size) }, (_, token) => token);
    const contexts = [[], ...tokens.map((t) => [t]), ...tokens.map((t) => [t, (t * STRIDE + 1) % size])];
    const rows = await model.logProbabilities(contexts.map((more) => Int32Array.from([...start, ...more])));
    hash.update(Array.from(rows, (x) => x.toFixed(DIGITS)).join(" "));
  }
  return { name, weights: hash.digest("hex"), vocabulary: vocabulary.identity };
}
