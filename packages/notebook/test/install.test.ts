import {
  Posterior as CorePosterior,
  compile as coreCompile,
  enumerate,
  infer as coreInfer,
  pgl as corePgl,
} from "@pgl/core";
import { Console } from "node:console";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as notebook from "../src/index.js";
import { FakeKernel } from "./fake-kernel.js";
import { all, parseMarkup } from "./markup-tree.js";
import { posteriorOf } from "./posteriors.js";

let kernel: FakeKernel;
beforeEach(() => {
  kernel = new FakeKernel();
});
afterEach(() => FakeKernel.end());

/** What `console.log` writes, as tslab sees it: it replaces the `write` of standard output. */
function logged(log: () => void): string {
  let text = "";
  const write = process.stdout.write;
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    log();
  } finally {
    process.stdout.write = write;
  }
  return text;
}

/** vitest has a console of its own, which does not go through standard output. */
const out = new Console({ stdout: process.stdout, stderr: new Writable({ write: (_c, _e, done) => done() }) });

describe("a posterior that is a cell's value", () => {
  test("is shown, and nothing is printed", () => {
    kernel.begin();
    expect(logged(() => out.log(posteriorOf([["a", 1]])))).toBe("");
    expect(kernel.outputs).toHaveLength(1);
    expect(all(parseMarkup(kernel.outputs[0]![0]!), "svg")).toHaveLength(2);
  });

  test("leaves the next line alone", async () => {
    kernel.begin();
    expect(
      logged(() => {
        out.log(posteriorOf([["a", 1]]));
        out.log("");
        out.log("after");
      }),
    ).toBe("\nafter\n");
    const write = process.stdout.write;
    inspect(posteriorOf([["a", 1]]));
    await Promise.resolve();
    expect(process.stdout.write).toBe(write);
  });

  test("with other values on its line is shown above them", () => {
    kernel.begin();
    expect(logged(() => out.log("here:", posteriorOf([["a", 1]])))).toBe("here: \n");
    expect(kernel.outputs).toHaveLength(1);
  });

  test("inside another value is one line of text", () => {
    kernel.begin();
    expect(inspect({ a: [posteriorOf([[true, 1]])] })).toBe("{ a: [ [posterior of 1 value; true: 100.00 %] ] }");
    expect(inspect([posteriorOf([[true, 1]])], { depth: null })).toContain("[posterior of");
    expect(kernel.outputs).toEqual([]);
  });

  test("from @pgl/core is shown as well", async () => {
    kernel.begin();
    const program = await corePgl`model m() { return sample bernoulli(0.5) }`;
    logged(() => out.log(undefined));
    const posterior = await coreInfer(program["m"]!, [], enumerate());
    expect(logged(() => out.log(posterior))).toBe("");
    expect(kernel.outputs).toHaveLength(1);
    expect(notebook.Posterior).toBe(CorePosterior);
  });

  test("outside of a notebook is text", () => {
    expect(
      inspect(
        posteriorOf([
          ["a", 0.25],
          ["b", 0.75],
        ]),
      ),
    ).toBe('0.7500  "b"\n0.2500  "a"');
    expect(inspect(posteriorOf<unknown>([]))).toBe("[posterior: empty]");
  });
});

describe("an error of a program", () => {
  const wrong = (text: string): Promise<unknown> =>
    coreCompile.source(text).then(
      () => null,
      (error: unknown) => error,
    );

  test("that does not compile is its messages with their lines, without a stack", async () => {
    const text = inspect(await wrong("model m() {\n  let x ~ bernouli(0.5)\n  return y\n}"));
    expect(text).toMatch(/^program\.pgl:2:11 error PGL2001 /);
    expect(text).toContain("> 2 |   let x ~ bernouli(0.5)");
    expect(text).toContain("^^^^^^^^");
    expect(text).toContain("program.pgl:3:10");
    expect(text).not.toMatch(/\n\s+at /);
    expect(text).not.toContain(process.cwd());
  });

  test("that fails says where, and what to do", async () => {
    const program = await notebook.pgl`model m() {
  let x ~ uniform(-2.0, -1.0)
  factor log(x)
  return x
}`;
    kernel.begin();
    const error: unknown = await notebook
      .infer(program["m"]!, [], notebook.smc({ particles: 3 }))
      .catch((e: unknown) => e);
    const text = inspect(error);
    expect(text).toMatch(/^RunError PGLR\d+ at template\.pgl:3:3/);
    expect(text).toContain("> 3 |   factor log(x)");
    expect(text).toContain("|   ^^^^^^");
    expect(text).toMatch(/hint: /);
    expect(text).not.toMatch(/\n\s+at /);
  });

  test("in queries and in files too", async () => {
    const program = await notebook.compile.source(
      "model m(x: float) {\n  factor log(x)\n  return 1\n}\nquery m(-1.0)",
      {
        file: "some/where.pgl",
      },
    );
    kernel.begin();
    const error: unknown = await notebook.run(program.queries[0]!).catch((e: unknown) => e);
    expect(inspect(error)).toContain("> 2 |   factor log(x)");
    await expect(notebook.compile.file("no/such.pgl")).rejects.toThrow("no/such.pgl");
  });

  test("without a place is its message", () => {
    const error = new notebook.MethodError("PGLR030", "No such <thing>.", { hint: "Try another." });
    expect(inspect(error)).toBe("MethodError PGLR030\n  No such <thing>.\n  hint: Try another.");
  });
});

describe("view", () => {
  test("shows posteriors and errors in the cell", async () => {
    kernel.begin();
    const printed = logged(() => {
      notebook.view(posteriorOf([["a", 1]]), { rows: 3 });
      notebook.view(new notebook.MethodError("PGLR030", "No such <thing>."));
    });
    expect(printed).toBe("");
    const [posterior, error] = kernel.outputs.map(([html]) => parseMarkup(html!));
    expect(all(posterior!, "table")).toHaveLength(1);
    expect(all(error!, "pre")[0]!.children.join("")).toContain("No such <thing>.");
    expect(all(error!, "thing")).toEqual([]);
  });

  test("logs anything else", () => {
    kernel.begin();
    const log = console.log;
    const seen: unknown[] = [];
    console.log = (...values: unknown[]) => void seen.push(...values);
    try {
      notebook.view("text");
      FakeKernel.end();
      const posterior = posteriorOf([["a", 1]]);
      notebook.view(posterior);
      expect(seen).toEqual(["text", posterior]);
    } finally {
      console.log = log;
    }
    expect(kernel.outputs).toEqual([]);
  });
});
