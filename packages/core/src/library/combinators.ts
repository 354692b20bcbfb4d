import { RunError } from "@pgl/runtime";
import { pure } from "./operations.js";
import { Program, type Turn } from "./program.js";

/**
 * Runs `body` again and again, each time with the state the last turn gave, until it says `{ done: result }`. Takes
 * constant stack, however many turns there are.
 */
export function loop<S, R>(state: S, body: (state: S) => Program<Turn<S, R>>): Program<R> {
  return new Program<R>({ kind: "loop", state, step: body as (state: unknown) => Program<Turn<unknown, unknown>> });
}

/** `body(accumulator, element, index)` for each element in turn; the last accumulator is the result. */
export function fold<T, S>(
  list: readonly T[],
  initial: S,
  body: (accumulator: S, element: T, index: number) => Program<S>,
): Program<S> {
  const elements = list.slice();
  return loop<{ readonly at: number; readonly sum: S }, S>({ at: 0, sum: initial }, ({ at, sum }) =>
    at === elements.length
      ? pure({ done: sum })
      : body(sum, elements[at]!, at).map((next) => ({ again: { at: at + 1, sum: next } })),
  );
}

/** `body` for each element in turn; results are not kept. */
export function forEach<T>(list: readonly T[], body: (element: T, index: number) => Program<unknown>): Program<void> {
  return fold<T, void>(list, undefined, (_, element, index) => body(element, index).map(() => undefined));
}

/** `body` for each element in turn; the list of results. */
export function traverse<T, R>(list: readonly T[], body: (element: T, index: number) => Program<R>): Program<R[]> {
  // Results are linked backwards until the end: an array would be shared between particles that have since parted.
  return fold<T, Linked<R> | null>(list, null, (earlier, element, index) =>
    body(element, index).map((last) => ({ last, earlier, length: (earlier?.length ?? 0) + 1 })),
  ).map(toArray);
}

/** `body` so many times; the list of results. */
export function repeat<R>(times: number, body: (index: number) => Program<R>): Program<R[]> {
  if (!Number.isInteger(times) || times < 0) {
    throw new RunError("PGLT003", `\`repeat\` takes a whole number of times, not ${times}.`);
  }
  return traverse(
    Array.from({ length: times }, (_, i) => i),
    body,
  );
}

/** `body()` if `holds`; otherwise nothing. */
export function when(holds: boolean, body: () => Program<unknown>): Program<void> {
  return holds ? body().map(() => undefined) : pure(undefined);
}

interface Linked<R> {
  readonly last: R;
  readonly earlier: Linked<R> | null;
  readonly length: number;
}

function toArray<R>(linked: Linked<R> | null): R[] {
  const array = new Array<R>(linked?.length ?? 0);
  let at = array.length;
  for (let node = linked; node !== null; node = node.earlier) array[--at] = node.last;
  return array;
}
