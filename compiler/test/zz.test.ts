import { it } from "vitest";
import { checkText } from "./support.js";
it("deep", async () => {
  const cases: Record<string, string> = {
    trims: `fn f(s: string): string = s${".trim()".repeat(4000)}`,
    nots: `fn f(b: bool): bool = ${"!".repeat(4000)}b`,
    minus: `fn f(b: int): int = ${"- ".repeat(4000)}b`,
    elses: `fn f(n: int): int { ${"if n == 1 { return 1 } else ".repeat(3000)} { return 2 } }`,
    plus: `fn f(n: int): int = n${" + n".repeat(20000)}`,
    ands: `fn f(n: bool): bool = n${" && n".repeat(20000)}`,
    mixed: `fn f(n: int?): bool = ${Array.from({ length: 5000 }, () => "(n != none && n > 3)").join(" || ")}`,
    alts: `fn f(n: int?): int = ${"n ?? ".repeat(5000)} 3`,
    pows: `fn f(n: int): float = ${"n ^ ".repeat(5000)} 3`,
    unions: `type T = ${Array.from({ length: 3000 }, (_, i) => `"a${i}"`).join(" | ")}
fn f(t: T): int = match t { ${Array.from({ length: 3000 }, (_, i) => `"a${i}" => ${i}`).join(", ")} }
fn g(t: T): T = t`,
    optional: `fn f(n: int${"?".repeat(3000)}): int = n ?? 1`,
    lambdas: `const f = ${"(x: int) => ".repeat(3000)} 1`,
    lists: `type T = ${"list<".repeat(3000)}int${">".repeat(3000)}`,
    chain: Array.from({ length: 3000 }, (_, i) => `fn f${i}(n: int) = f${i + 1}(n)`).join("\n") + "\nfn f3000(n: int) = n",
    consts: Array.from({ length: 3000 }, (_, i) => `const a${i} = ${i === 0 ? 1 : `a${i - 1} + 1`}`).join("\n"),
    unknowns: Array.from({ length: 3000 }, (_, i) => `const a${i} = unknown${i} + ${i === 0 ? 1 : `a${i - 1}`}`).join("\n"),
    hofs: `fn f(xs: list<int>): int = ${"sum(map(xs, x => ".repeat(60)} x ${"))".repeat(60)}`,
    nestedoverload: `fn f(n: int): int = ${"min(max(".repeat(70)} n ${", 1), 2)".repeat(70)}`,
    folds: `fn f(xs: list<int>): float = ${"fold(xs, 0, (a, x) => a + ".repeat(60)} 0.5 ${")".repeat(60)}`,
  };
  for (const [name, text] of Object.entries(cases)) {
    const start = performance.now();
    const { program } = await checkText(text);
    console.log(name, (performance.now() - start).toFixed(0) + " ms", program.diagnostics.length, program.diagnostics.slice(0, 2).map((d) => d.code + " " + d.message.slice(0, 100)));
  }
});
