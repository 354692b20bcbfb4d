import { join } from "node:path";
import type { ChatTemplate } from "../../chat-template.js";
import { Fields, malformed, readModelJson } from "../../model-file.js";

/** What `config.json` of an ONNX model folder says, checked. */
export interface OnnxConfig {
  readonly name: string;
  readonly vocabularySize: number;
  readonly layers: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly context: number;
  /** Numbers in a hidden state; null where the file does not say. */
  readonly hiddenSize: number | null;
  readonly bosId: number | null;
  readonly eosId: number | null;
  readonly modelFile: string;
  readonly tokenizerFile: string;
  readonly chat?: ChatTemplate;
}

/**
 * Reads a folder's `config.json`. Needed: `vocab_size`, `layers`, `kv_heads`, `head_dim`, `context`, `bos_id` and `eos_id`
 * (numbers, or null for none), `files.onnx`, `files.tokenizer`. Optional: `name`; `dim`, the size of a hidden state; `chat`, a template
 * `{"roles": {"user": "…{content}…"}, "answer": "…"}`. Other keys describe the model to people and are not read.
 *
 * @throws LanguageModelError PGLM003, PGLM004 naming the file and the key.
 */
export function readOnnxConfig(folder: string): OnnxConfig {
  const path = join(folder, "config.json");
  const file = new Fields(path, readModelJson(path));
  const vocabularySize = file.int("vocab_size", 1);
  const files = file.object("files");
  return {
    name: file.has("name") ? file.string("name") : folder,
    vocabularySize,
    layers: file.int("layers", 1),
    keyValueHeads: file.int("kv_heads", 1),
    headSize: file.int("head_dim", 1),
    context: file.int("context", 1),
    hiddenSize: file.has("dim") ? file.int("dim", 1) : null,
    bosId: optionalId(path, file, "bos_id", vocabularySize),
    eosId: optionalId(path, file, "eos_id", vocabularySize),
    modelFile: join(folder, files.string("onnx")),
    tokenizerFile: join(folder, files.string("tokenizer")),
    chat: file.has("chat") ? chatTemplate(path, file.object("chat").only("roles", "answer")) : undefined,
  };
}

function optionalId(path: string, file: Fields, key: string, size: number): number | null {
  if (file.any(key) === null) return null;
  const id = file.int(key, 0);
  if (id >= size) throw malformed(path, `\`${key}\` is ${id}, but there are ${size} tokens`);
  return id;
}

function chatTemplate(path: string, chat: Fields): ChatTemplate {
  const roles = chat.object("roles");
  const written = Object.fromEntries(roles.keys.map((role) => [role, roles.string(role)]));
  for (const [role, text] of Object.entries(written)) {
    if (!text.includes("{content}")) throw malformed(path, `\`chat.roles.${role}\` has no {content}`);
  }
  return { roles: written, answer: chat.string("answer") };
}
