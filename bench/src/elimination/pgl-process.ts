/** Exact methods on one model in a process of its own, as WebPPL has: nothing else has shaped the engine's compiled code. */
import { compile, enumerate, infer, marginal, type Model } from "@pgl/core";
import { spent } from "../clock.js";
import type { Hmm } from "../hmm/model.js";
import { answering } from "../peer-process.js";
import { hmmPrograms } from "./programs.js";

export interface OwnQuestion {
  readonly model: Hmm;
  readonly method: "enumerate" | "marginal";
  readonly repeats: number;
}

export interface OwnAnswer {
  readonly cpu: number;
  readonly logZ: number;
  /** That the last state is 0. */
  readonly probability: number;
  readonly executions: number;
}

const methods = { enumerate: enumerate({ tolerance: 0 }), marginal: marginal() };
/** Runs that do not count: while a process waits for its turn, V8 drops compiled code. */
const WARMUP = 3;

let compiled: Model | null = null;

answering<OwnQuestion, OwnAnswer>(async ({ model, method, repeats }) => {
  compiled ??= (await compile.source(hmmPrograms(model), { file: "hmm.pgl" }))["last"] as Model;
  const run = () => infer(compiled!, [model.observations], methods[method], { seed: 1 });
  for (let i = 0; i < WARMUP; i++) await run();
  let answer = await run();
  const { cpu } = await spent(async () => {
    for (let i = 0; i < repeats; i++) answer = await run();
  });
  return {
    cpu,
    logZ: answer.logZ.estimate!,
    probability: answer.probability((state) => state === 0),
    executions: answer.diagnostics.executions,
  };
});
