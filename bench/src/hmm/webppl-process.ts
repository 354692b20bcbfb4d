/**
 * WebPPL in a process of its own, since it puts its functions among the globals. Compiles one model, then runs it as often
 * as the parent asks, and says what CPU time each run took.
 */
import { createRequire } from "node:module";
import { cpuSeconds } from "../clock.js";
import type { Hmm } from "./model.js";
import { program } from "./webppl-program.js";

interface WebPpl {
  compile(code: string, options?: object): { readonly code: string };
  prepare(compiled: object, k: (store: object, value: unknown) => void, options?: object): { run(): void };
}

export interface Question {
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

process.on("message", ({ model, particles }: Question) => {
  if (model !== undefined) compiled = webppl.compile(program(model), { filename: "hmm.wppl" });
  bench.particles = particles;
  webppl.prepare(compiled!, (_, value) => process.send!(value as Answer)).run();
});
