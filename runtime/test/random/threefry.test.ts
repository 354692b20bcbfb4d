import { describe, expect, it } from "vitest";
import { threefry } from "../../src/random/threefry.js";

const hex = (words: readonly number[]): string => words.map((w) => (w >>> 0).toString(16).padStart(8, "0")).join(" ");

describe("threefry", () => {
  // Known answers of the Random123 library (examples/kat_vectors, threefry4x32 20).
  it("gives the known answers", () => {
    expect(hex(threefry([0, 0, 0, 0], 0, 0, 0, 0))).toBe("9c6ca96a e17eae66 fc10ecd4 5256a7d8");
    expect(hex(threefry([-1, -1, -1, -1], -1, -1, -1, -1))).toBe("2a881696 57012287 f6c7446e a16a6732");
    expect(
      hex(
        threefry(
          [0xa4093822 | 0, 0x299f31d0, 0x082efa98, 0xec4e6c89 | 0],
          0x243f6a88,
          0x85a308d3 | 0,
          0x13198a2e,
          0x03707344,
        ),
      ),
    ).toBe("59cd1dbb b8879579 86b5d00c ac8b6d84");
  });
});
