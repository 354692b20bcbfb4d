/** An automaton over bytes and rule calls with edges that read nothing. */
export interface EdgeSource {
  /** `low, high, to` three by three. */
  bytes(state: number): readonly number[];
  /** `rule, to` two by two. */
  calls(state: number): readonly number[];
  /** States reached by reading nothing. */
  empty(state: number): readonly number[];
  accepts(state: number): boolean;
}

/** An automaton over bytes and rule calls. State 0 is the start; no edge leads to it, and it accepts nothing. */
export interface RuleAutomaton {
  /** `low, high, to` three by three. */
  readonly bytes: number[][];
  /** `rule, to` two by two. */
  readonly calls: number[][];
  readonly accepts: boolean[];
}

/** A deterministic automaton may have this many times the states it is made from, and some more. */
const GROWTH = 2;
const ALLOWANCE = 64;

/**
 * The automaton without edges that read nothing and without the empty string: deterministic, with equal tails merged, when
 * that is not much larger; otherwise with as many edges to choose from as there were.
 */
export function simplify(start: number, source: EdgeSource): RuleAutomaton {
  const states = reachable(start, source);
  return mergeTails(determinised(start, source, GROWTH * states + ALLOWANCE) ?? withoutEmptyEdges(start, source));
}

function reachable(start: number, source: EdgeSource): number {
  const seen = new Set([start]);
  for (const s of seen) {
    for (const t of source.empty(s)) seen.add(t);
    const bytes = source.bytes(s);
    for (let e = 2; e < bytes.length; e += 3) seen.add(bytes[e]!);
    const calls = source.calls(s);
    for (let e = 1; e < calls.length; e += 2) seen.add(calls[e]!);
  }
  return seen.size;
}

/** Subset construction; null when it needs more than `limit` states. */
function determinised(start: number, source: EdgeSource, limit: number): RuleAutomaton | null {
  const subsets: number[][] = [];
  const known = new Map<string | number, number>();
  const idOf = (states: number[]): number => {
    const closed = closure(states, source);
    const key = closed.length === 1 ? closed[0]! : closed.join(",");
    let id = known.get(key);
    if (id === undefined) {
      known.set(key, (id = subsets.length));
      subsets.push(closed);
    }
    return id;
  };
  // The start is kept out of `known`: nothing may lead back to it.
  subsets.push(closure([start], source));
  const automaton: RuleAutomaton = { bytes: [], calls: [], accepts: [] };
  for (let id = 0; id < subsets.length; id++) {
    if (subsets.length > limit) return null;
    const subset = subsets[id]!;
    automaton.accepts.push(id > 0 && subset.some((s) => source.accepts(s)));
    automaton.bytes.push(byteEdges(subset, source, idOf));
    const targets = new Map<number, number[]>();
    for (const s of subset) {
      const out = source.calls(s);
      for (let e = 0; e < out.length; e += 2) {
        const list = targets.get(out[e]!);
        if (list === undefined) targets.set(out[e]!, [out[e + 1]!]);
        else list.push(out[e + 1]!);
      }
    }
    automaton.calls.push([...targets].sort((a, b) => a[0] - b[0]).flatMap(([rule, to]) => [rule, idOf(to)]));
  }
  return automaton;
}

function withoutEmptyEdges(start: number, source: EdgeSource): RuleAutomaton {
  const numbers = new Map<number, number>();
  const states = [start];
  const numberOf = (s: number): number => {
    let n = numbers.get(s);
    if (n === undefined) numbers.set(s, (n = states.push(s) - 1));
    return n;
  };
  const automaton: RuleAutomaton = { bytes: [], calls: [], accepts: [] };
  for (let n = 0; n < states.length; n++) {
    const around = closure([states[n]!], source);
    automaton.accepts.push(n > 0 && around.some((s) => source.accepts(s)));
    automaton.bytes.push(around.flatMap((s) => source.bytes(s).map((x, i) => (i % 3 === 2 ? numberOf(x) : x))));
    automaton.calls.push(around.flatMap((s) => source.calls(s).map((x, i) => (i % 2 === 1 ? numberOf(x) : x))));
  }
  return automaton;
}

function closure(states: number[], source: EdgeSource): number[] {
  if (states.length === 1 && source.empty(states[0]!).length === 0) return states;
  const seen = new Set(states);
  // A set that grows while it is iterated yields what is added.
  for (const s of seen) for (const t of source.empty(s)) seen.add(t);
  return [...seen].sort((a, b) => a - b);
}

function byteEdges(subset: readonly number[], source: EdgeSource, idOf: (states: number[]) => number): number[] {
  let all: readonly number[] = [];
  for (const s of subset) {
    const out = source.bytes(s);
    if (out.length > 0) all = all.length === 0 ? out : [...all, ...out];
  }
  if (inOrder(all)) {
    const edges: number[] = [];
    for (let e = 0; e < all.length; e += 3) pushRange(edges, all[e]!, all[e + 1]!, idOf([all[e + 2]!]));
    return edges;
  }
  const cuts = new Set<number>();
  for (let e = 0; e < all.length; e += 3) {
    cuts.add(all[e]!);
    cuts.add(all[e + 1]! + 1);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const edges: number[] = [];
  for (let i = 0; i + 1 < sorted.length; i++) {
    const low = sorted[i]!;
    const to: number[] = [];
    for (let e = 0; e < all.length; e += 3) if (all[e]! <= low && low <= all[e + 1]!) to.push(all[e + 2]!);
    if (to.length === 0) continue;
    pushRange(edges, low, sorted[i + 1]! - 1, idOf(to));
  }
  return edges;
}

/** Whether ranges are ascending and do not overlap. */
function inOrder(edges: readonly number[]): boolean {
  for (let e = 3; e < edges.length; e += 3) if (edges[e]! <= edges[e - 2]!) return false;
  return true;
}

function pushRange(edges: number[], low: number, high: number, to: number): void {
  const n = edges.length;
  if (n > 0 && edges[n - 1] === to && edges[n - 2] === low - 1) edges[n - 2] = high;
  else edges.push(low, high, to);
}

/** States with the same edges become one, from the ends backwards; states on cycles stay as they are. Linear. */
function mergeTails(automaton: RuleAutomaton): RuleAutomaton {
  const order = postorder(automaton);
  const kept = new Int32Array(automaton.accepts.length).fill(-1);
  const known = new Map<string, number>();
  const representative = (s: number): number => (kept[s]! < 0 ? s : kept[s]!);
  const edgesOf = (s: number): { bytes: number[]; calls: number[] } => {
    const bytes: number[] = [];
    const from = automaton.bytes[s]!;
    for (let e = 0; e < from.length; e += 3) pushRange(bytes, from[e]!, from[e + 1]!, representative(from[e + 2]!));
    const calls = automaton.calls[s]!.map((x, i) => (i % 2 === 0 ? x : representative(x)));
    return { bytes, calls };
  };
  for (const s of order) {
    if (s === 0) continue;
    const { bytes, calls } = edgesOf(s);
    const key = `${automaton.accepts[s] ? 1 : 0}|${bytes.join(",")}|${calls.join(",")}`;
    const same = known.get(key);
    if (same === undefined) known.set(key, s);
    kept[s] = same ?? s;
  }
  const numbers = new Map<number, number>([[0, 0]]);
  const queue = [0];
  const merged: RuleAutomaton = { bytes: [], calls: [], accepts: [] };
  const numberOf = (s: number): number => {
    const state = representative(s);
    let n = numbers.get(state);
    if (n === undefined) {
      numbers.set(state, (n = queue.length));
      queue.push(state);
    }
    return n;
  };
  for (let i = 0; i < queue.length; i++) {
    const { bytes, calls } = edgesOf(queue[i]!);
    merged.accepts.push(automaton.accepts[queue[i]!]!);
    merged.bytes.push(bytes.map((x, k) => (k % 3 === 2 ? numberOf(x) : x)));
    merged.calls.push(calls.map((x, k) => (k % 2 === 1 ? numberOf(x) : x)));
  }
  return merged;
}

function postorder(automaton: RuleAutomaton): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(automaton.accepts.length);
  const stack = [{ state: 0, next: 0, targets: targetsOf(automaton, 0) }];
  seen[0] = 1;
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    if (top.next === top.targets.length) {
      order.push(top.state);
      stack.pop();
      continue;
    }
    const to = top.targets[top.next++]!;
    if (seen[to] === 1) continue;
    seen[to] = 1;
    stack.push({ state: to, next: 0, targets: targetsOf(automaton, to) });
  }
  return order;
}

function targetsOf(automaton: RuleAutomaton, state: number): number[] {
  const targets: number[] = [];
  const { bytes, calls } = automaton;
  for (let e = 2; e < bytes[state]!.length; e += 3) targets.push(bytes[state]![e]!);
  for (let e = 1; e < calls[state]!.length; e += 2) targets.push(calls[state]![e]!);
  return targets;
}
