import type { LanguageModel } from "@pgl/lm";
import { show } from "@pgl/runtime";

/**
 * Numbers that describe a program's arguments: for a string how often each token is among its tokens (over the root of
 * their number), and of each of the first ones which it is; for a number itself and its logarithm; for a list of numbers its length, mean and spread; true and
 * false. Other values count as the string they are shown as.
 */
export function describeArguments(values: readonly unknown[], { vocabulary }: LanguageModel): Float32Array {
  const parts = values.map((value) => {
    const part = new Float32Array((1 + PLACES) * vocabulary.size + NUMBERS);
    const numbers = numbersOf(value);
    if (numbers !== null) {
      part.set(numbers, (1 + PLACES) * vocabulary.size);
      return part;
    }
    const tokens = vocabulary.tryEncode(typeof value === "string" ? value : show(value)) ?? [];
    tokens.forEach((token, i) => {
      part[token]! += 1 / Math.sqrt(tokens.length);
      if (i < PLACES) part[(1 + i) * vocabulary.size + token] = 1;
    });
    return part;
  });
  const all = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** By token id: 1 for the tokens of the strings that `described` describes. */
export function tokensGiven(described: Float32Array, vocabulary: number): Uint8Array {
  const part = (1 + PLACES) * vocabulary + NUMBERS;
  const given = new Uint8Array(vocabulary);
  for (let start = 0; start < described.length; start += part) {
    for (let id = 0; id < vocabulary; id++) if (described[start + id]! > 0) given[id] = 1;
  }
  return given;
}

/** Tokens of a string that are seen in their places. */
const PLACES = 4;
const NUMBERS = 4;

const squashed = (x: number): number => Math.sign(x) * Math.log1p(Math.abs(x));

function numbersOf(value: unknown): readonly number[] | null {
  if (typeof value === "boolean") return [value ? 1 : -1, 0, 0, 0];
  if (typeof value === "number") return [Math.tanh(value), squashed(value), 0, 0];
  if (!Array.isArray(value) || !value.every((x) => typeof x === "number")) return null;
  const list = value as readonly number[];
  const mean = list.reduce((a, b) => a + b, 0) / Math.max(1, list.length);
  const spread = Math.sqrt(list.reduce((a, x) => a + (x - mean) ** 2, 0) / Math.max(1, list.length));
  return [Math.tanh(mean), squashed(mean), squashed(spread), squashed(list.length)];
}
