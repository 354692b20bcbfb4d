import type { Method } from "@pgl/runtime";
import type { Query } from "../load/compiled.js";
import { infer, type InferOptions } from "./infer.js";
import type { Result } from "./report.js";

export interface RunQueryOptions extends InferOptions {
  /** In place of the arguments the query is written with. */
  readonly args?: readonly unknown[];
  /** In place of the method the query is written with. */
  readonly method?: Method;
}

/** Runs a query of a compiled program, as `pgl run` does. */
export function run<R>(query: Query<R>, options: RunQueryOptions = {}): Promise<Result<R>> {
  const { args, method, ...rest } = options;
  return infer(query.model, args ?? query.args(), method ?? query.method(), rest);
}
