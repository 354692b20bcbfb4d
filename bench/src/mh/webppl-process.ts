/** WebPPL in a process of its own, since it puts its functions among the globals. Compiles one model, then runs chains of it. */
import { createRequire } from "node:module";
import { cpuSeconds } from "../clock.js";
import { answering } from "../peer-process.js";
import type { NoisyOr } from "./model.js";
import { program } from "./webppl-program.js";

interface WebPpl {
  compile(code: string, options?: object): object;
  prepare(compiled: object, k: (store: object, value: unknown) => void, options?: object): { run(): void };
}

export interface Question {
  /** Told once, with the first question. */
  readonly model?: NoisyOr;
  readonly steps: number;
}

export interface Answer {
  readonly cpu: number;
  readonly mean: number;
}

const webppl = createRequire(import.meta.url)("webppl") as WebPpl;
const bench = { now: cpuSeconds, steps: 0 };
(globalThis as unknown as { bench: typeof bench }).bench = bench;

let compiled: object | null = null;

answering<Question, Answer>(({ model, steps }) => {
  if (model !== undefined) compiled = webppl.compile(program(model), { filename: "noisy-or.wppl" });
  bench.steps = steps;
  return new Promise((resolve) => webppl.prepare(compiled!, (_, value) => resolve(value as Answer)).run());
});
