import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { syntaxCodes } from "@pgl/grammar";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/diagnostics/catalogue.js";
import { checkText } from "../support.js";

/** Texts to spoil: the fixtures and the examples, without their imports of other files. */
const texts = ["../fixtures/", "../../../examples/"].flatMap((folder) => {
  const path = fileURLToPath(new URL(folder, import.meta.url));
  return readdirSync(path)
    .filter((name) => name.endsWith(".pgl"))
    .map((name) =>
      readFileSync(path + name, "utf8")
        .replaceAll(/^import .*$/gm, "")
        .replaceAll(/^\s*\/\/[!?>].*$/gm, ""),
    );
});

const words = texts.flatMap((text) => text.match(/\w+|[^\s\w]+/g) ?? []);

/** A text with some of its words replaced, left out, or said twice. */
const spoilt = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom("drop", "twice", "other", "swap"), fc.nat()), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([text, changes]) => {
    const parts = text.match(/\w+|\s+|[^\s\w]+/g) ?? [];
    for (const [place, change, choice] of changes) {
      const i = place % parts.length;
      const other = words[choice % words.length]!;
      if (change === "drop") parts[i] = "";
      else if (change === "twice") parts[i] = `${parts[i]} ${parts[i]}`;
      else if (change === "other") parts[i] = other;
      else [parts[i], parts[choice % parts.length]] = [parts[choice % parts.length]!, parts[i]!];
    }
    return parts.join("");
  });

describe("whatever the program", () => {
  it("checking ends with diagnostics of known codes at places of the text", async () => {
    await fc.assert(
      fc.asyncProperty(spoilt, async (text) => {
        const { program, module } = await checkText(text);
        expect(module.text).toBe(text);
        for (const { code, span, message, file } of program.diagnostics) {
          expect(code in catalogue || code in syntaxCodes).toBe(true);
          expect(file).toBe("/main.pgl");
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
          expect(message).not.toMatch(/\[object|must be `_`|<_>/);
        }
      }),
      { numRuns: Number(process.env["RUNS"] ?? 300) },
    );
  });
});
