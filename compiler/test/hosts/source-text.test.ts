import { describe, expect, it } from "vitest";
import { decodeSource } from "../../src/hosts/source-text.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the bytes of a program", () => {
  it("are UTF-8 text", () => {
    for (const text of ["", "model m() { }", "// é 漢 😀\n", "\ufeffconst a = 1"]) {
      expect(decodeSource(utf8(text))).toEqual({ text });
    }
  });

  it("are refused at the first one that is not", () => {
    const at = (index: number, hex: string) => ({ problem: `it is not UTF-8 text: byte ${index} is 0x${hex}` });
    expect(decodeSource(Uint8Array.of(0xff, 0xd8))).toEqual(at(0, "ff"));
    expect(decodeSource(Uint8Array.of(...utf8("é = 1"), 0xe9, 0x20, ...utf8("漢")))).toEqual(at(6, "e9"));
    expect(decodeSource(Uint8Array.of(...utf8("ab"), 0, 0xff))).toEqual(at(2, "00"));
    // The last character is cut off.
    expect(decodeSource(utf8("ab漢").subarray(0, 4))).toEqual(at(2, "e6"));
    // An archive of some size.
    const large = new Uint8Array(100_000).fill(0x20);
    large[77_777] = 0xc0;
    expect(decodeSource(large)).toEqual(at(77_777, "c0"));
  });
});
