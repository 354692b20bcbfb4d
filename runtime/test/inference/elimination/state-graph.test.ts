import { describe, expect, it } from "vitest";
import { site } from "../../../src/index.js";
import { backward, bestEdge, forward, maximum, sum } from "../../../src/inference/elimination/semirings.js";
import { Outcome, StateGraph } from "../../../src/inference/elimination/state-graph.js";

const at = site({ name: "x", kind: "sample" });
const log = Math.log;

/** 0 draws 1 or 2 (or 3, which dies); both draw 4, which weighs 5 and ends; 1 weighs 2. */
function diamond(): StateGraph {
  const graph = new StateGraph();
  for (let i = 0; i < 5; i++) graph.add(0);
  graph.settle(0, Outcome.Draw, 0, at);
  graph.connect(0, 1, log(0.5), "a");
  graph.connect(0, 2, log(0.3), "b");
  graph.connect(0, 3, log(0.2), "c");
  graph.settle(1, Outcome.Draw, log(2), at);
  graph.connect(1, 4, log(0.25), "d");
  graph.connect(1, 4, log(0.75), "e");
  graph.settle(2, Outcome.Draw, 0, at);
  graph.connect(2, 4, log(1), "d");
  graph.settle(3, Outcome.Dead, -Infinity, at);
  graph.settle(4, Outcome.Ended, log(5), at);
  return graph;
}

describe("sums and maxima over the ways of a graph", () => {
  const graph = diamond();
  const order = graph.order("test");
  const logProbability = (edge: number): number => graph.logProbabilities[edge]!;

  it("states come before those that follow them", () => {
    const place = new Map([...order].map((state, i) => [state, i]));
    for (let state = 0; state < graph.size; state++)
      for (let edge = graph.firstEdge(state); edge < graph.endEdge(state); edge++)
        expect(place.get(state)!).toBeLessThan(place.get(graph.to[edge]!)!);
  });

  it("backward: the value of each state", () => {
    const total = backward(graph, order, () => ({ add: sum, logProbability }));
    expect([...total].map(Math.exp)).toEqual([5 * (0.5 * 2 + 0.3), 10, 5, 0, 5].map((v) => expect.closeTo(v, 12)));
    const best = { add: maximum, logProbability };
    const values = backward(graph, order, () => best);
    expect([...values].map(Math.exp)).toEqual([0.5 * 2 * 0.75 * 5, 7.5, 5, 0, 5].map((v) => expect.closeTo(v, 12)));
    expect(graph.values[bestEdge(graph, 0, best, values)]).toBe("a");
    expect(graph.values[bestEdge(graph, 1, best, values)]).toBe("e");
    expect(bestEdge(graph, 3, best, values)).toBe(-1);
    const squared = { add: sum, logProbability: (edge: number) => 2 * logProbability(edge) };
    expect(Math.exp(backward(graph, order, () => squared, 2)[0]!)).toBeCloseTo(
      (0.5 * 2 * 0.25 * 5) ** 2 + (0.5 * 2 * 0.75 * 5) ** 2 + (0.3 * 5) ** 2,
      12,
    );
  });

  it("forward: the mass that comes to each state", () => {
    const masses = forward(graph, order, (_, edge) => logProbability(edge));
    expect([...masses].map(Math.exp)).toEqual([1, 0.5, 0.3, 0.2, 1.3].map((v) => expect.closeTo(v, 12)));
    const reached = forward(graph, order, (_, edge) => logProbability(edge), false);
    expect([...reached].map(Math.exp)).toEqual([1, 0.5, 0.3, 0.2, 0.8].map((v) => expect.closeTo(v, 12)));
  });

  it("an execution that can come back to a state is refused", () => {
    const loop = new StateGraph();
    loop.add(0);
    loop.add(0);
    loop.settle(0, Outcome.Draw, 0, at);
    loop.connect(0, 1, log(0.5), true);
    loop.settle(1, Outcome.Draw, 0, at);
    loop.connect(1, 0, log(0.5), true);
    expect(() => loop.order("marginal")).toThrow(/^marginal: an execution can come back to the state it was in/);
  });

  it("long chains do not overflow the stack", () => {
    const chain = new StateGraph();
    for (let i = 0; i < 200_000; i++) chain.add(0);
    for (let i = 0; i < 199_999; i++) {
      chain.settle(i, Outcome.Draw, 0, at);
      chain.connect(i, i + 1, 0, i);
    }
    chain.settle(199_999, Outcome.Ended, 0, at);
    expect(chain.order("test")[199_999]).toBe(199_999);
  });
});
