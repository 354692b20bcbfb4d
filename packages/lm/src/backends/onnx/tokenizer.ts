import { createHash } from "node:crypto";
import { Fields, malformed, readModelJson } from "../../model-file.js";
import { encodeUtf8 } from "../../utf8.js";
import { Vocabulary } from "../../vocabulary.js";

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

/**
 * The vocabulary of a `tokenizer.json`. What a token adds to a text is found by its decoder: the byte-level alphabet, or
 * SentencePiece's `▁` for a space with `<0xNN>` for single bytes.
 *
 * Special tokens never come out of a text, even one that spells their name: the tokenizer that encodes does not know them.
 *
 * @throws LanguageModelError PGLM003, PGLM004 when the file is not what it should be.
 */
export async function readTokenizer(
  path: string,
  size: number,
  special: { readonly bosId: number | null; readonly eosId: number | null },
): Promise<Vocabulary> {
  const json = readModelJson(path);
  const file = new Fields(path, json);
  const model = file.object("model");
  const names = new Array<string | undefined>(size);
  const name = (content: string, id: unknown): void => {
    if (!Number.isSafeInteger(id) || (id as number) < 0 || (id as number) >= size) {
      throw malformed(
        path,
        `the token ${JSON.stringify(content)} has the id ${String(id)}, but \`vocab_size\` is ${size}`,
      );
    }
    names[id as number] = content;
  };
  const vocab = model.object("vocab");
  for (const content of vocab.keys) name(content, vocab.any(content));
  const added = addedTokens(path, file);
  for (const { content, id } of added) name(content, id);
  const labels = new Map(added.filter((t) => t.special).map((t) => [t.id, t.content]));
  for (const id of [special.bosId, special.eosId])
    if (id !== null && !labels.has(id)) labels.set(id, names[id] ?? `<special ${id}>`);
  const byteLevel = kinds(file.has("decoder") ? file.any("decoder") : null).has("ByteLevel");
  const textOfAdded = new Set(added.filter((t) => !t.special).map((t) => t.id));
  const tokens = names.map((content, id) => {
    // Ids without a token (padding of the embedding table) and special tokens add nothing to a text.
    if (content === undefined || labels.has(id)) return null;
    if (textOfAdded.has(id)) return encodeUtf8(content);
    const bytes = byteLevel ? byteLevelBytes(content) : sentencePieceBytes(content);
    if (bytes === null)
      throw malformed(path, `the token ${JSON.stringify(content)} has characters outside the byte-level alphabet`);
    return bytes;
  });
  const { Tokenizer } = await import("@huggingface/tokenizers");
  const plain = { ...(json as object), added_tokens: added.filter((t) => !t.special) };
  let tokenizer: InstanceType<typeof Tokenizer>;
  try {
    tokenizer = new Tokenizer(plain, {});
  } catch (cause) {
    throw malformed(path, `the tokenizer cannot be built from it (${(cause as Error).message})`, cause);
  }
  return new Vocabulary({
    tokens,
    labels,
    eosId: special.eosId,
    bosId: special.bosId,
    encoding: createHash("sha256").update(JSON.stringify(plain)).digest("hex"),
    encode: (text) => {
      const ids = Array.from(tokenizer.encode(text, { add_special_tokens: false }).ids, Number);
      return spells(tokens, ids, encodeUtf8(text)) ? ids : null;
    },
  });
}

/** Whether the tokens' bytes are those of the text: a tokenizer may normalise, or answer "unknown". */
function spells(tokens: readonly (Uint8Array | null)[], ids: readonly number[], text: Uint8Array): boolean {
  let at = 0;
  for (const id of ids) {
    const bytes = tokens[id];
    if (bytes === null || bytes === undefined) return false;
    for (const byte of bytes) if (text[at++] !== byte) return false;
  }
  return at === text.length;
}

function addedTokens(path: string, file: Fields): AddedToken[] {
  if (!file.has("added_tokens")) return [];
  const list = file.any("added_tokens");
  if (!Array.isArray(list)) throw malformed(path, "`added_tokens` must be a list");
  return list.map((entry: unknown, i) => {
    const token = new Fields(path, entry, `added_tokens[${i}]`);
    return {
      ...(entry as AddedToken),
      id: token.int("id", 0),
      content: token.string("content"),
      special: token.any("special") === true,
    };
  });
}

/** The `type`s in a decoder or a sequence of decoders. */
function kinds(decoder: unknown): Set<string> {
  if (typeof decoder !== "object" || decoder === null) return new Set();
  const { type, decoders } = decoder as { type?: unknown; decoders?: unknown };
  const found = new Set<string>(typeof type === "string" ? [type] : []);
  if (Array.isArray(decoders)) for (const inner of decoders) for (const kind of kinds(inner)) found.add(kind);
  return found;
}

/**
 * The byte each character of the byte-level alphabet stands for: printable Latin-1 characters for themselves, the others
 * for the code points from 256 on, in order.
 */
const byteOf: ReadonlyMap<string, number> = (() => {
  const table = new Map<string, number>();
  let extra = 256;
  for (let byte = 0; byte < 256; byte++) {
    const itself = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    table.set(String.fromCharCode(itself ? byte : extra++), byte);
  }
  return table;
})();

function byteLevelBytes(content: string): Uint8Array | null {
  const bytes = Array.from(content, (c) => byteOf.get(c));
  return bytes.includes(undefined) ? null : Uint8Array.from(bytes as number[]);
}

function sentencePieceBytes(content: string): Uint8Array {
  const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(content);
  return byte === null ? encodeUtf8(content.replaceAll("▁", " ")) : Uint8Array.of(parseInt(byte[1]!, 16));
}
