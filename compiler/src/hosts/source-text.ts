/** The text that a file holds, or why it holds none. */
export type Decoded = { readonly text: string } | { readonly problem: string };

/**
 * Bytes as UTF-8 text. Anything else is refused by naming the first byte that cannot be part of a program: read as text, a
 * picture or an archive would be a hundred mistakes.
 */
export function decodeSource(bytes: Uint8Array): Decoded {
  const at = firstForeignByte(bytes);
  if (at === undefined) return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) };
  const value = bytes[at]!.toString(16).padStart(2, "0");
  return { problem: `it is not UTF-8 text: byte ${at} is 0x${value}` };
}

/** The first byte that is no part of a character, or a NUL, which no program has. */
function firstForeignByte(bytes: Uint8Array): number | undefined {
  const nul = bytes.indexOf(0);
  const before = nul === -1 ? bytes : bytes.subarray(0, nul);
  if (isText(before, false)) return nul === -1 ? undefined : nul;
  // How far decoding gets is found by bisection; a last character that is not complete yet is no fault.
  let good = 0;
  let bad = before.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isText(before.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // The fault is the character that is not completed, where there is one.
  while (!isText(before.subarray(0, good), false)) good--;
  return good;
}

function isText(bytes: Uint8Array, mayEndEarly: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: mayEndEarly });
    return true;
  } catch {
    return false;
  }
}
