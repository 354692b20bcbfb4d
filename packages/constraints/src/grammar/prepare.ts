import { type EdgeSource, type RuleAutomaton, simplify } from "./simplify.js";
import type { Network } from "./network.js";

/**
 * A network ready for recognition. Every rule is an automaton, most often deterministic, that reads at least one byte; no
 * rule can call itself before it has read something; every state can reach the end of its rule. So every state of
 * recognition can be finished, and expanding calls ends.
 */
export interface Prepared {
  /** Whether the empty string is in the language. */
  readonly nullable: boolean;
  /** -1 when the language holds at most the empty string. */
  readonly root: number;
  /** Start state of each rule. Rules are numbered so that a rule calls only later ones before it has read something. */
  readonly starts: Int32Array;
  readonly names: readonly string[];
  /** Of each state, `low, high, to` three by three. */
  readonly bytes: readonly (readonly number[])[];
  /** Of each state, `rule, to` two by two. */
  readonly calls: readonly (readonly number[])[];
  /** Whether the rule may end in this state. */
  readonly accepts: Uint8Array;
  /** Least number of bytes to the end of the rule. */
  readonly least: Float64Array;
}

/**
 * Takes out empty strings, makes rules deterministic, turns left recursion into loops, and removes what can never be
 * finished or reached. The language stays the same.
 */
export function prepare(network: Network): Prepared {
  const nullable = nullableRules(network);
  const ends = new Uint8Array(network.states.length);
  for (const rule of network.rules) ends[rule.end] = 1;
  const source: EdgeSource = {
    bytes: (s) => network.states[s]!.bytes,
    calls: (s) => network.states[s]!.calls,
    empty: (s) => {
      const { empty, calls } = network.states[s]!;
      if (calls.length === 0) return empty;
      const skipped: number[] = [];
      for (let e = 0; e < calls.length; e += 2) if (nullable[calls[e]!] === 1) skipped.push(calls[e + 1]!);
      return skipped.length === 0 ? empty : [...empty, ...skipped];
    },
    accepts: (s) => ends[s] === 1,
  };
  const reached = reachableRules(network);
  const rules = network.rules.map((rule, i) =>
    reached[i] === 1 ? simplify(rule.start, source) : { bytes: [[]], calls: [[]], accepts: [false] },
  );
  let least = trim(rules);
  if (removeLeftRecursion(rules)) least = trim(rules);
  return number(
    rules,
    least,
    network.rules.map((rule) => rule.name),
    network.root,
    nullable[network.root] === 1,
  );
}

/** Rules that derive the empty string. */
export function nullableRules(network: Network): Uint8Array {
  const { rules, states } = network;
  const nullable = new Uint8Array(rules.length);
  // Backwards from the ends: which states lead to the end of their rule without reading.
  const ending = new Uint8Array(states.length);
  const before: number[][] = states.map(() => []);
  const waiting: number[][] = rules.map(() => []);
  states.forEach((state, s) => {
    for (const t of state.empty) before[t]!.push(s);
    for (let e = 0; e < state.calls.length; e += 2) waiting[state.calls[e]!]!.push(s, state.calls[e + 1]!);
  });
  const ruleOfStart = new Map<number, number>();
  rules.forEach((rule, i) => ruleOfStart.set(rule.start, i));
  const queue: number[] = [];
  const reach = (s: number): void => {
    if (ending[s] === 1) return;
    ending[s] = 1;
    queue.push(s);
  };
  for (const rule of rules) reach(rule.end);
  while (queue.length > 0) {
    const s = queue.pop()!;
    for (const p of before[s]!) reach(p);
    const rule = ruleOfStart.get(s);
    if (rule === undefined || nullable[rule] === 1) continue;
    nullable[rule] = 1;
    const calls = waiting[rule]!;
    for (let e = 0; e < calls.length; e += 2) {
      // From now on the call may be skipped.
      before[calls[e + 1]!]!.push(calls[e]!);
      if (ending[calls[e + 1]!] === 1) reach(calls[e]!);
    }
  }
  return nullable;
}

function reachableRules(network: Network): Uint8Array {
  const reached = new Uint8Array(network.rules.length);
  const seen = new Uint8Array(network.states.length);
  const queue: number[] = [];
  const state = (s: number): void => {
    if (seen[s] === 1) return;
    seen[s] = 1;
    queue.push(s);
  };
  const rule = (r: number): void => {
    reached[r] = 1;
    state(network.rules[r]!.start);
  };
  rule(network.root);
  while (queue.length > 0) {
    const { bytes, calls, empty } = network.states[queue.pop()!]!;
    for (let e = 2; e < bytes.length; e += 3) state(bytes[e]!);
    for (let e = 0; e < calls.length; e += 2) {
      rule(calls[e]!);
      state(calls[e + 1]!);
    }
    empty.forEach(state);
  }
  return reached;
}

/** Least number of bytes from each state to the end of its rule, by a fixed point over all rules; infinite for none. */
function leastBytes(rules: readonly RuleAutomaton[]): Float64Array[] {
  const bases: number[] = [];
  let size = 0;
  for (const rule of rules) {
    bases.push(size);
    size += rule.accepts.length;
  }
  // Edges by where they lead, as linked lists: where from, and the rule called (-1: a byte is read).
  const head = new Int32Array(size).fill(-1);
  const callHead = new Int32Array(rules.length).fill(-1);
  const links: number[] = [];
  const callLinks: number[] = [];
  const froms: number[] = [];
  const tos: number[] = [];
  const callees: number[] = [];
  const edge = (from: number, to: number, callee: number): void => {
    const e = froms.length;
    froms.push(from);
    tos.push(to);
    callees.push(callee);
    links.push(head[to]!);
    head[to] = e;
    callLinks.push(callee < 0 ? -1 : callHead[callee]!);
    if (callee >= 0) callHead[callee] = e;
  };
  rules.forEach((rule, r) => {
    const base = bases[r]!;
    for (let s = 0; s < rule.accepts.length; s++) {
      const bytes = rule.bytes[s]!;
      for (let e = 2; e < bytes.length; e += 3) edge(base + s, base + bytes[e]!, -1);
      const calls = rule.calls[s]!;
      for (let e = 0; e < calls.length; e += 2) edge(base + s, base + calls[e + 1]!, calls[e]!);
    }
  });
  const ruleOfStart = new Map(bases.map((base, r) => [base, r]));
  const least = new Float64Array(size).fill(Infinity);
  // Knuth's generalisation of Dijkstra's algorithm: the least value not yet settled is right.
  const queue = new Buckets();
  const lower = (state: number, value: number): void => {
    if (value >= least[state]!) return;
    least[state] = value;
    queue.push(value, state);
  };
  rules.forEach((rule, r) => rule.accepts.forEach((accepts, s) => accepts && lower(bases[r]! + s, 0)));
  for (let entry = queue.pop(); entry !== null; entry = queue.pop()) {
    const [value, state] = entry;
    if (value > least[state]!) continue;
    for (let e = head[state]!; e >= 0; e = links[e]!) {
      lower(froms[e]!, value + (callees[e]! < 0 ? 1 : least[bases[callees[e]!]!]!));
    }
    const rule = ruleOfStart.get(state);
    if (rule === undefined) continue;
    for (let e = callHead[rule]!; e >= 0; e = callLinks[e]!) lower(froms[e]!, value + least[tos[e]!]!);
  }
  return rules.map((rule, r) => least.subarray(bases[r]!, bases[r]! + rule.accepts.length));
}

/** A priority queue of whole numbers, as a list for each. */
class Buckets {
  private readonly lists = new Map<number, number[]>();
  private readonly heap: number[] = [];

  push(value: number, state: number): void {
    if (!Number.isFinite(value)) return;
    let list = this.lists.get(value);
    if (list === undefined) {
      this.lists.set(value, (list = []));
      this.heap.push(value);
      let i = this.heap.length - 1;
      while (i > 0 && this.heap[(i - 1) >> 1]! > value) {
        this.heap[i] = this.heap[(i - 1) >> 1]!;
        i = (i - 1) >> 1;
      }
      this.heap[i] = value;
    }
    list.push(state);
  }

  pop(): readonly [value: number, state: number] | null {
    const value = this.heap[0];
    if (value === undefined) return null;
    const list = this.lists.get(value)!;
    const state = list.pop()!;
    if (list.length === 0) {
      this.lists.delete(value);
      this.sift();
    }
    return [value, state];
  }

  private sift(): void {
    const { heap } = this;
    const last = heap.pop()!;
    const n = heap.length;
    if (n === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= n) break;
      if (child + 1 < n && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
  }
}

/** Removes edges after which the rule cannot be finished; returns the least number of bytes from each state to the end. */
function trim(rules: readonly RuleAutomaton[]): Float64Array[] {
  const least = leastBytes(rules);
  rules.forEach((rule, r) => {
    rule.accepts.forEach((_, s) => {
      const bytes = rule.bytes[s]!;
      const calls = rule.calls[s]!;
      rule.bytes[s] = [];
      rule.calls[s] = [];
      for (let e = 0; e < bytes.length; e += 3) {
        if (least[r]![bytes[e + 2]!]! < Infinity) rule.bytes[s]!.push(bytes[e]!, bytes[e + 1]!, bytes[e + 2]!);
      }
      for (let e = 0; e < calls.length; e += 2) {
        if (least[r]![calls[e + 1]!]! < Infinity && least[calls[e]!]![0]! < Infinity) {
          rule.calls[s]!.push(calls[e]!, calls[e + 1]!);
        }
      }
    });
  });
  return least;
}

/**
 * Rules that call one another before they have read anything become loops. In such a group a string of rule A begins with
 * something from outside the group, by which some rule B of the group goes on; what B has recognised begins a rule C, and
 * so on up to A. That is a regular language over bytes and calls: "a rule X of the group has just been recognised from our
 * own start" is one state for each X.
 *
 * @returns whether there was any.
 */
function removeLeftRecursion(rules: RuleAutomaton[]): boolean {
  const original = [...rules];
  const groups = leftGroups(original);
  for (const group of groups) {
    const place = new Map(group.map((rule, i) => [rule, i]));
    const bases: number[] = [];
    // 0 is the start, then one state "recognised" for each rule, then the states of all rules.
    let size = 1 + group.length;
    for (const rule of group) {
      bases.push(size);
      size += original[rule]!.accepts.length;
    }
    const bytes: number[][] = Array.from({ length: size }, () => []);
    const calls: number[][] = Array.from({ length: size }, () => []);
    const empty: number[][] = Array.from({ length: size }, () => []);
    group.forEach((rule, i) => {
      const own = original[rule]!;
      const at = (s: number): number => bases[i]! + s;
      own.accepts.forEach((accepts, s) => {
        const from = s === 0 ? 0 : at(s);
        for (let e = 0; e < own.bytes[s]!.length; e += 3) {
          bytes[from]!.push(own.bytes[s]![e]!, own.bytes[s]![e + 1]!, at(own.bytes[s]![e + 2]!));
        }
        for (let e = 0; e < own.calls[s]!.length; e += 2) {
          const callee = own.calls[s]![e]!;
          const to = at(own.calls[s]![e + 1]!);
          const inner = s === 0 ? place.get(callee) : undefined;
          if (inner === undefined) calls[from]!.push(callee, to);
          else empty[1 + inner]!.push(to);
        }
        if (accepts) empty[from]!.push(1 + i);
      });
    });
    for (const rule of group) {
      rules[rule] = simplify(0, {
        bytes: (s) => bytes[s]!,
        calls: (s) => calls[s]!,
        empty: (s) => empty[s]!,
        accepts: (s) => s === 1 + place.get(rule)!,
      });
    }
  }
  return groups.length > 0;
}

/** Groups of rules that can call themselves, through one another, before they have read anything. */
function leftGroups(rules: readonly RuleAutomaton[]): number[][] {
  return components(rules.length, (r) => rules[r]!.calls[0]!.filter((_, i) => i % 2 === 0)).filter(
    (group) => group.length > 1 || rules[group[0]!]!.calls[0]!.some((callee, i) => i % 2 === 0 && callee === group[0]),
  );
}

/** Strongly connected components (Tarjan), callees before callers. */
export function components(size: number, targets: (node: number) => readonly number[]): number[][] {
  const index = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const open = new Uint8Array(size);
  const pending: number[] = [];
  const groups: number[][] = [];
  let count = 0;
  for (let root = 0; root < size; root++) {
    if (index[root]! >= 0) continue;
    const stack: { node: number; next: number; to: readonly number[] }[] = [];
    const enter = (node: number): void => {
      index[node] = low[node] = count++;
      open[node] = 1;
      pending.push(node);
      stack.push({ node, next: 0, to: targets(node) });
    };
    enter(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.next < top.to.length) {
        const to = top.to[top.next++]!;
        if (index[to]! < 0) enter(to);
        else if (open[to] === 1) low[top.node] = Math.min(low[top.node]!, index[to]!);
        continue;
      }
      stack.pop();
      const above = stack[stack.length - 1];
      if (above !== undefined) low[above.node] = Math.min(low[above.node]!, low[top.node]!);
      if (low[top.node] !== index[top.node]) continue;
      const group: number[] = [];
      for (;;) {
        const node = pending.pop()!;
        open[node] = 0;
        group.push(node);
        if (node === top.node) break;
      }
      groups.push(group);
    }
  }
  return groups;
}

/** Numbers what the root reaches. */
function number(
  rules: readonly RuleAutomaton[],
  least: readonly Float64Array[],
  names: readonly string[],
  root: number,
  nullable: boolean,
): Prepared {
  const empty = least[root]![0] === Infinity;
  const order: number[] = [];
  if (!empty) {
    const reached = new Uint8Array(rules.length);
    const queue = [root];
    reached[root] = 1;
    for (let i = 0; i < queue.length; i++) {
      for (const calls of rules[queue[i]!]!.calls) {
        for (let e = 0; e < calls.length; e += 2) {
          if (reached[calls[e]!] === 1) continue;
          reached[calls[e]!] = 1;
          queue.push(calls[e]!);
        }
      }
    }
    // Left recursion is gone: every component is one rule, callees first.
    for (const [rule] of components(rules.length, (r) => rules[r]!.calls[0]!.filter((_, i) => i % 2 === 0))) {
      if (reached[rule!] === 1) order.push(rule!);
    }
    order.reverse();
  }
  const numberOf = new Map(order.map((rule, i) => [rule, i]));
  const starts = new Int32Array(order.length);
  let size = 0;
  order.forEach((rule, i) => {
    starts[i] = size;
    size += rules[rule]!.accepts.length;
  });
  const bytes: number[][] = [];
  const calls: number[][] = [];
  const accepts = new Uint8Array(size);
  const distance = new Float64Array(size);
  order.forEach((rule, i) => {
    const own = rules[rule]!;
    const base = starts[i]!;
    own.accepts.forEach((accept, s) => {
      accepts[base + s] = accept ? 1 : 0;
      distance[base + s] = least[rule]![s]!;
      bytes.push(own.bytes[s]!.map((x, k) => (k % 3 === 2 ? base + x : x)));
      calls.push(own.calls[s]!.map((x, k) => (k % 2 === 0 ? numberOf.get(x)! : base + x)));
    });
  });
  return {
    nullable,
    root: empty ? -1 : numberOf.get(root)!,
    starts,
    names: order.map((rule) => names[rule]!),
    bytes,
    calls,
    accepts,
    least: distance,
  };
}
