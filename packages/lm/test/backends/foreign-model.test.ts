import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkLanguageModel, lm, loadLanguageModel } from "../../src/index.js";
import { draw, program, returnLast, run } from "../programs.js";

/**
 * A model that this project did not train: Karpathy's stories260K (MIT), as `stories260K.onnx` with llama2.c's `tok512.bin`.
 * It is not part of the repository: set PGL_TEST_MODELS to a folder that holds `stories260K/`.
 */
const folder = join(process.env["PGL_TEST_MODELS"] ?? "", "stories260K");
const there = process.env["PGL_TEST_MODELS"] !== undefined && existsSync(join(folder, "stories260K.onnx"));

/** llama2.c's vocabulary file: the longest length, then score, length and bytes of each token. */
function tokensOf(file: Buffer): string[] {
  const tokens: string[] = [];
  for (let at = 4; at < file.length;) {
    const length = file.readInt32LE(at + 4);
    tokens.push(file.toString("utf8", at + 8, at + 8 + length));
    at += 8 + length;
  }
  return tokens;
}

/** Brings the files into the form of `onnx:FOLDER`. */
function prepared(): string {
  const target = mkdtempSync(join(tmpdir(), "pgl-stories260K-"));
  copyFileSync(join(folder, "stories260K.onnx"), join(target, "model.onnx"));
  const tokens = tokensOf(readFileSync(join(folder, "tok512.bin")));
  const special = ["<unk>", "<s>", "</s>"].map((content, id) => ({
    id,
    content,
    special: true,
    normalized: false,
    single_word: false,
    lstrip: false,
    rstrip: false,
  }));
  const vocab = Object.fromEntries(tokens.map((t, id) => [id < 3 ? special[id]!.content : t.replaceAll(" ", "▁"), id]));
  const replace = { type: "Replace", pattern: { String: " " }, content: "▁" };
  writeFileSync(
    join(target, "tokenizer.json"),
    JSON.stringify({
      version: "1.0",
      added_tokens: special,
      normalizer: replace,
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: "Sequence", decoders: [{ type: "ByteFallback" }, { type: "Fuse" }] },
      model: {
        type: "BPE",
        vocab,
        merges: [],
        unk_token: "<unk>",
        byte_fallback: true,
        fuse_unk: false,
        dropout: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        ignore_merges: false,
      },
    }),
  );
  writeFileSync(
    join(target, "config.json"),
    JSON.stringify({
      name: "stories260K",
      vocab_size: 512,
      layers: 5,
      kv_heads: 4,
      head_dim: 8,
      context: 512,
      bos_id: 1,
      eos_id: 2,
      files: { onnx: "model.onnx", tokenizer: "tokenizer.json" },
    }),
  );
  return target;
}

describe.skipIf(!there)("a model from elsewhere (needs PGL_TEST_MODELS)", () => {
  it("writes what its own reference program writes, greedily", async () => {
    const model = await loadLanguageModel(`onnx:${prepared()}`);
    const particle = await run(program(draw(lm("m", model).text({ stop_at: "too high." }).top_k(1)), returnLast));
    expect((particle.value as string).trim()).toBe(
      "Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big, red ball. She wanted to play with it, but it was too high.",
    );
    await model.dispose();
  });

  it("keeps the laws, though it gives logits of the last position alone", async () => {
    const model = await loadLanguageModel(`onnx:${prepared()}`);
    const reports = await checkLanguageModel(model, { texts: ["Once upon a time", "héllo 😀 ", "x"] });
    expect(reports.filter((r) => !r.holds)).toEqual([]);
    await model.dispose();
  });
});
