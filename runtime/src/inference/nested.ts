import type { Environment } from "../machine/environment.js";
import type { Model } from "../machine/model.js";
import type { Request, RequestHandler } from "../machine/request.js";
import type { RandomSource } from "../random/source.js";
import { hashKey } from "../values.js";
import { RunEnvironment } from "./environment.js";
import { target, type Method } from "./method.js";
import { defaultMethod } from "./methods/index.js";
import type { Posterior } from "./posterior.js";

/** What the handler `infer` is asked. */
export interface NestedPayload {
  readonly model: Model;
  readonly args: readonly unknown[];
  readonly method: Method;
}

/** Exact nested posteriors, by run: equal questions are answered once. */
const memory = new WeakMap<ReadonlyMap<string, unknown>, Map<Model, Map<string, Promise<Posterior<unknown>>>>>();

const nestedHandler: RequestHandler<Posterior<unknown>> = {
  name: "infer",
  answer(payloads, environment, randomOf) {
    return Promise.all(
      (payloads as readonly NestedPayload[]).map((payload, i) => answerOne(payload, environment, () => randomOf(i))),
    );
  },
  law(payload) {
    const { model, args, method } = payload as NestedPayload;
    if (isDeterministic(method)) return null;
    return `${method.name}${JSON.stringify(method.options)}${hashKey(model.start)}${hashKey(args)}`;
  },
};

/** Answers that are drawn at random are part of the execution; the others are functions of the question. */
const isDeterministic = (method: Method): boolean => method.guarantee === "exact" || method.guarantee === "maximum";

function answerOne(
  { model, args, method }: NestedPayload,
  environment: Environment,
  random: () => RandomSource,
): Promise<Posterior<unknown>> {
  // A sampled posterior is a fresh random object each time it is asked for; only exact ones may be shared.
  if (method.guarantee !== "exact") return runNested(model, args, method, environment, random());
  let models = memory.get(environment.services);
  if (models === undefined) memory.set(environment.services, (models = new Map()));
  let answers = models.get(model);
  if (answers === undefined) models.set(model, (answers = new Map()));
  const key = method.name + JSON.stringify(method.options) + hashKey(args);
  let answer = answers.get(key);
  if (answer === undefined) answers.set(key, (answer = runNested(model, args, method, environment, random())));
  return answer;
}

async function runNested(
  model: Model,
  args: readonly unknown[],
  method: Method,
  outer: Environment,
  random: RandomSource,
): Promise<Posterior<unknown>> {
  const environment =
    outer instanceof RunEnvironment
      ? outer.nested(random, args)
      : new RunEnvironment(outer.services, random, outer.signal, outer.limits);
  const posterior = await method.run(target(model, args), environment);
  // Half an answer is not the value of the expression: the run outside ends here too.
  if (posterior.diagnostics.partial) throw new DOMException("The run was ended inside an inference.", "AbortError");
  return posterior;
}

/**
 * `infer model(args) using method` inside a program: the answer is a posterior, an ordinary value. With a sampling method
 * the posterior is an estimate: drawing from it or observing under it is not the exact nested posterior, and the
 * documentation of the language says so.
 */
export function inferRequest(
  model: Model,
  args: readonly unknown[],
  method: Method = defaultMethod,
): Request<Posterior<unknown>> {
  return { handler: nestedHandler, payload: { model, args, method } satisfies NestedPayload };
}
