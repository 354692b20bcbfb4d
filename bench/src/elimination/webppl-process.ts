/** WebPPL's enumeration in a process of its own: compiles one model, then enumerates it as often as it is asked. */
import { createRequire } from "node:module";
import { cpuSeconds } from "../clock.js";
import type { Hmm } from "../hmm/model.js";
import { answering } from "../peer-process.js";
import { webpplEnumeration } from "./programs.js";

interface WebPpl {
  compile(code: string, options?: object): object;
  prepare(compiled: object, k: (store: object, value: unknown) => void, options?: object): { run(): void };
}

/** Orders in which WebPPL can visit executions. */
export type Strategy = "depthFirst" | "breadthFirst" | "likelyFirst";

export interface Question {
  /** Told once, with the first question. */
  readonly model?: Hmm;
  readonly strategy: Strategy;
}

export interface Answer {
  readonly cpu: number;
  /** That the last state is 0. */
  readonly probability: number;
}

const webppl = createRequire(import.meta.url)("webppl") as WebPpl;
const bench = { now: cpuSeconds, strategy: "depthFirst" as Strategy };
(globalThis as unknown as { bench: typeof bench }).bench = bench;

let compiled: object | null = null;

answering<Question, Answer>(({ model, strategy }) => {
  if (model !== undefined) compiled = webppl.compile(webpplEnumeration(model), { filename: "hmm.wppl" });
  bench.strategy = strategy;
  return new Promise((resolve) => webppl.prepare(compiled!, (_, value) => resolve(value as Answer)).run());
});
