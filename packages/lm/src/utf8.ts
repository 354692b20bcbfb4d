/** UTF-8 at token borders: a token may hold a part of a character. */

const encoder = new TextEncoder();
// A byte-order mark is text like any other: without `ignoreBOM` it would vanish from a decoded span.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export const noBytes: Uint8Array = new Uint8Array(0);

export function encodeUtf8(text: string): Uint8Array {
  return text === "" ? noBytes : encoder.encode(text);
}

/** Bytes that are no UTF-8 become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return bytes.length === 0 ? "" : decoder.decode(bytes);
}

/** How many bytes come before a character at the end that has begun but not ended. */
export function completeLength(bytes: Uint8Array): number {
  const n = bytes.length;
  for (let back = 1; back <= Math.min(3, n); back++) {
    const byte = bytes[n - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? n - back : n;
  }
  return n;
}

export function concatBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
