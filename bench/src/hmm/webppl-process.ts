/**
 * WebPPL in a process of its own, since it puts its functions among the globals. Compiles one model, then runs it as often
 * as it is asked, and says what CPU time each run took.
 */
import { createRequire } from "node:module";
import { cpuSeconds } from "../clock.js";
import { answering } from "../peer-process.js";
import type { Hmm } from "./model.js";
import { program } from "./webppl-program.js";

interface WebPpl {
  compile(code: string, options?: object): object;
  prepare(compiled: object, k: (store: object, value: unknown) => void, options?: object): { run(): void };
}

export interface Question {
  /** Told once, with the first question. */
  readonly model?: Hmm;
  readonly particles: number;
}

export interface Answer {
  readonly cpu: number;
  readonly logZ: number;
}

const webppl = createRequire(import.meta.url)("webppl") as WebPpl;
// WebPPL programs call functions of JavaScript as members of a global object.
const bench = { now: cpuSeconds, particles: 0 };
(globalThis as unknown as { bench: typeof bench }).bench = bench;

let compiled: object | null = null;

answering<Question, Answer>(({ model, particles }) => {
  if (model !== undefined) compiled = webppl.compile(program(model), { filename: "hmm.wppl" });
  bench.particles = particles;
  return new Promise((resolve) => webppl.prepare(compiled!, (_, value) => resolve(value as Answer)).run());
});
