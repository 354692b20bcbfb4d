import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { lineStarts, locate, syntaxCodes } from "@pgl/grammar";
import { describe, expect, it } from "vitest";
import { check } from "../../src/check.js";
import { catalogue } from "../../src/diagnostics/catalogue.js";
import { nodeFiles } from "../../src/hosts/source-host.js";

/**
 * Programs with mistakes. A line `//! CODE message` says what is reported for the nearest line above that is not such a
 * comment (`CODE@file` for another file); the message may be cut short. All that is reported must be said, and nothing
 * else. `//? CODE` says only that the code is among them.
 */
const folder = fileURLToPath(new URL("../fixtures/", import.meta.url));
const fixtures = readdirSync(folder).filter((name) => name.endsWith(".pgl"));

interface Expected {
  readonly line: number;
  readonly code: string;
  readonly file: string;
  readonly message: string;
}

function read(name: string): { readonly expected: readonly Expected[]; readonly among: readonly string[] } {
  const expected: Expected[] = [];
  const among: string[] = [];
  let line = 0;
  readFileSync(folder + name, "utf8")
    .split("\n")
    .forEach((text, i) => {
      const full = /^\s*\/\/! (PGL\d{4})(?:@(\S+))? ?(.*)$/.exec(text);
      const some = /^\s*\/\/\? (PGL\d{4})$/.exec(text);
      if (full) expected.push({ line, code: full[1]!, file: full[2] ?? name, message: full[3]! });
      else if (some) among.push(some[1]!);
      else line = i + 1;
    });
  return { expected, among };
}

describe("the mistakes of the fixtures are reported, each once and nothing else", () => {
  for (const name of fixtures) {
    it(name, async () => {
      const program = await check(nodeFiles(folder), name, { models: true });
      const { expected, among } = read(name);
      const found = program.diagnostics.map((d): Expected => {
        const file = basename(d.file);
        const line = locate(lineStarts(readFileSync(d.file, "utf8")), d.span.start).line;
        return { line, code: d.code, file, message: d.message };
      });
      for (const code of among) expect(found.map((f) => f.code)).toContain(code);
      if (among.length > 0) return;
      // Messages are compared as far as they are written down.
      const key = (e: Expected, message: string): string => `${e.file === name ? e.line : e.file} ${e.code} ${message}`;
      const cut = found.map((f) => {
        const match = expected.find(
          (e) => e.code === f.code && (f.file !== name || e.line === f.line) && f.message.startsWith(e.message),
        );
        return key(f, match?.message ?? f.message);
      });
      expect(cut.sort()).toEqual(expected.map((e) => key(e, e.message)).sort());
    });
  }
});

describe("the catalogue", () => {
  it("has a fixture for every code, of the grammar and of the compiler", () => {
    const covered = new Set(
      fixtures.flatMap((name) => [...read(name).expected.map((e) => e.code), ...read(name).among]),
    );
    // PGL1034 is the formatter's, and PGL1099 what a parser that fails would say: no program brings them about.
    const all = [...Object.keys(syntaxCodes), ...Object.keys(catalogue)].filter(
      (code) => code !== "PGL1034" && code !== "PGL1099",
    );
    expect(all.filter((code) => !covered.has(code))).toEqual([]);
  });

  it("has at least sixty fixtures", () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(60);
  });

  it("numbers codes by what they are about, with warnings among the 5xxx", () => {
    for (const [code, kind] of Object.entries(catalogue)) {
      expect(code).toMatch(/^PGL[2-5]\d{3}$/);
      expect(kind.severity).toBe(code.startsWith("PGL5") ? "warning" : "error");
      for (const text of [kind.title, kind.explanation, kind.example]) expect(text).not.toBe("");
    }
  });
});
