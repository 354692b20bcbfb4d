import llama2 from "llama-tokenizer-js";
import llama3 from "llama3-tokenizer-js";
import { Vocabulary } from "@pgl/lm";
import type { Encoded } from "./xgrammar.js";

/**
 * Vocabularies of models in use, by what npm packages of their tokenizers hold. Only what tokens spell matters here: texts
 * are not tokenised.
 */
export const vocabularies: readonly {
  readonly name: string;
  readonly vocabulary: Vocabulary;
  /** The same as it is written in the tokenizer's file. */
  readonly encoded: Encoded;
}[] = [
  {
    name: "Llama 2, V = 32,000",
    vocabulary: sentencePiece(llama2.vocabById),
    encoded: { tokens: llama2.vocabById, type: "byte_fallback", eosId: 2 },
  },
  {
    name: "Llama 3, V = 128,256",
    vocabulary: byteLevel(llama3.vocabById),
    encoded: { tokens: llama3.vocabById, type: "byte_level", eosId: 128_001 },
  },
];

/** `▁` is a space, `<0x0A>` a byte, and the first three tokens are special. */
function sentencePiece(tokens: readonly string[]): Vocabulary {
  const encoder = new TextEncoder();
  return new Vocabulary({
    tokens: tokens.map((token, id) => {
      if (id < 3) return null;
      const byte = /^<0x([0-9A-F]{2})>$/.exec(token);
      return byte === null ? encoder.encode(token.replaceAll("▁", " ")) : Uint8Array.of(parseInt(byte[1]!, 16));
    }),
    eosId: 2,
    bosId: 1,
    encode: () => null,
  });
}

/** Each byte is a character, printable ones themselves, others from U+0100 on in order (as GPT-2's tokenizer has it). */
function byteLevel(tokens: readonly string[]): Vocabulary {
  const printable = (b: number): boolean => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
  const byteOf = new Map<string, number>();
  for (let b = 0, other = 0; b < 256; b++) byteOf.set(String.fromCharCode(printable(b) ? b : 256 + other++), b);
  return new Vocabulary({
    tokens: tokens.map((token, id) => (id >= 128_000 ? null : Uint8Array.from(token, (c) => byteOf.get(c)!))),
    eosId: 128_001,
    bosId: 128_000,
    encode: () => null,
  });
}
