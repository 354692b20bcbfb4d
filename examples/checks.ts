/** Constraints of the examples that are written in TypeScript. */
import type { TextPredicate } from "@pgl/core";

/** Lines in which no two words next to each other begin with the same letter. */
export const varied: TextPredicate = {
  prefixPossible: (text) => {
    // The last word may not have ended, but its first letter is known.
    const initials = text.toLowerCase().match(/(?<![a-z'])[a-z]/g) ?? [];
    return initials.every((letter, i) => letter !== initials[i - 1]);
  },
  complete: (text) => varied.prefixPossible(text),
};

/** Texts of just so many letters. */
export function ofLetters(n: number): TextPredicate {
  const letters = (text: string): number => text.match(/\p{L}/gu)?.length ?? 0;
  return {
    prefixPossible: (text) => letters(text) <= n,
    complete: (text) => letters(text) === n,
  };
}
