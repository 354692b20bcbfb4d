/**
 * A context-free language as a recursive transition network: each rule is a nondeterministic automaton whose edges read a
 * byte in a range, call another rule, or read nothing. This is the form in which grammars and schemas are written down; it
 * is made ready for recognition by `prepare`.
 */
export interface Network {
  readonly root: number;
  readonly rules: readonly NetworkRule[];
  readonly states: readonly NetworkState[];
}

export interface NetworkRule {
  /** For messages. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface NetworkState {
  /** `low, high, to` three by three. */
  readonly bytes: number[];
  /** `rule, to` two by two. */
  readonly calls: number[];
  /** Where one gets by reading nothing. */
  readonly empty: number[];
}

/** A deterministic automaton over bytes, to be put into a network. */
export interface ByteAutomaton {
  readonly start: number;
  accepts(state: number): boolean;
  /** `low, high, to` three by three; ranges of one state do not overlap. */
  edges(state: number): readonly number[];
}

/** Builds a network, edge by edge. States belong to the rule they are reached in. */
export class NetworkBuilder {
  private readonly rules: NetworkRule[] = [];
  private readonly states: NetworkState[] = [];

  /** A new rule with a start and an end that nothing connects yet. */
  rule(name: string): number {
    this.rules.push({ name, start: this.state(), end: this.state() });
    return this.rules.length - 1;
  }

  start(rule: number): number {
    return this.rules[rule]!.start;
  }

  end(rule: number): number {
    return this.rules[rule]!.end;
  }

  state(): number {
    this.states.push({ bytes: [], calls: [], empty: [] });
    return this.states.length - 1;
  }

  range(from: number, low: number, high: number, to: number): void {
    this.states[from]!.bytes.push(low, high, to);
  }

  call(from: number, rule: number, to: number): void {
    this.states[from]!.calls.push(rule, to);
  }

  empty(from: number, to: number): void {
    if (from !== to) this.states[from]!.empty.push(to);
  }

  /** A path that reads exactly these bytes. */
  literal(from: number, bytes: ArrayLike<number>, to: number): void {
    if (bytes.length === 0) return this.empty(from, to);
    for (let i = 0; i < bytes.length; i++) {
      const next = i === bytes.length - 1 ? to : this.state();
      this.range(from, bytes[i]!, bytes[i]!, next);
      from = next;
    }
  }

  /** A copy of the automaton between two states. */
  automaton(from: number, automaton: ByteAutomaton, to: number): void {
    const own = new Map<number, number>();
    const queue: number[] = [];
    const stateOf = (state: number): number => {
      let mine = own.get(state);
      if (mine === undefined) {
        own.set(state, (mine = this.state()));
        queue.push(state);
      }
      return mine;
    };
    this.empty(from, stateOf(automaton.start));
    for (let i = 0; i < queue.length; i++) {
      const state = queue[i]!;
      const mine = own.get(state)!;
      if (automaton.accepts(state)) this.empty(mine, to);
      const edges = automaton.edges(state);
      for (let e = 0; e < edges.length; e += 3) this.range(mine, edges[e]!, edges[e + 1]!, stateOf(edges[e + 2]!));
    }
  }

  get size(): number {
    return this.states.length;
  }

  network(root: number): Network {
    return { root, rules: this.rules, states: this.states };
  }
}
