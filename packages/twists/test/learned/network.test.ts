import { seeded, tensorFlow } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { Evaluation } from "../../src/learned/evaluation.js";
import {
  parameterNames,
  TwistNetwork,
  type ListedPlace,
  type NetworkShape,
  type Parameters,
} from "../../src/learned/network.js";

const random = seeded(4);

/** So many numbers of (−1, 1). */
function numbers(count: number, key: number): Float32Array {
  const stream = random.split(100 + key);
  return Float32Array.from({ length: count }, (_, i) => 2 * stream.split(i).uniform() - 1);
}

/** A network whose parameters are not zero anywhere, and places for it. */
function example(shape: NetworkShape) {
  const network = TwistNetwork.begin(shape, 0.7, random.split(0));
  for (const [i, name] of parameterNames.entries()) {
    const own = network.parameters[name];
    numbers(own.length, 10 + i).forEach((x, at) => (own[at]! += 0.2 * x));
  }
  const described = [numbers(shape.arguments, 1), numbers(shape.arguments, 2)].map((d) => d.map((x) => Math.max(0, x)));
  const hidden = (key: number): Float32Array => numbers(shape.hidden, key);
  const places: ListedPlace[] = [
    { hidden: hidden(3), recent: [3, 1], left: 7, ids: Int32Array.of(0, 2, 5) },
    { hidden: hidden(4), recent: [5], left: 1, ids: Int32Array.of() },
    { hidden: hidden(5), recent: [], left: 2, ids: Int32Array.of(1, 2, 3, 4) },
  ];
  const set = [0, 1, 1];
  /** In plain loops. */
  const outputs = (): number[] =>
    places.flatMap((place, r) => {
      const own = described[set[r]!]!;
      return [...network.outputs(place, network.summary(own), network.given(own))];
    });
  return { network, places, described, set, outputs };
}

describe.each([
  { vocabulary: 6, hidden: 9, window: 2, arguments: 34 },
  { vocabulary: 6, hidden: 0, window: 2, arguments: 0 },
])("a network of $vocabulary tokens and $hidden hidden numbers", (shape) => {
  const { network, places, described, set, outputs } = example(shape);

  async function evaluated(look: (at: Evaluation) => void): Promise<void> {
    const tf = await tensorFlow();
    tf.tidy(() => look(new Evaluation(tf, network, places, described, set)));
  }

  it("has the same outputs in plain loops and in tensors", async () => {
    const expected = outputs();
    await evaluated(({ x }) => {
      expect(x.length).toBe(expected.length);
      x.forEach((one, i) => expect(one).toBeCloseTo(expected[i]!, 5));
    });
  });

  it("has the gradient of its outputs", async () => {
    const cotangents = Float64Array.from(numbers(outputs().length, 6));
    let gradients!: Parameters;
    await evaluated((at) => void (gradients = at.gradients(cotangents)));
    const sum = (): number => outputs().reduce((total, x, i) => total + x * cotangents[i]!, 0);
    // Of rectified products the sum is a straight line in each number, as long as no unit is switched on or off.
    const STEP = 2 ** -12;
    for (const name of parameterNames) {
      const own = network.parameters[name];
      expect(gradients[name].length, name).toBe(own.length);
      own.forEach((value, at) => {
        const [above, below] = [Math.fround(value + STEP), Math.fround(value - STEP)];
        own[at] = above;
        let difference = sum();
        own[at] = below;
        difference -= sum();
        own[at] = value;
        expect(Math.abs(difference / (above - below) - gradients[name][at]!), `${name} ${at}`).toBeLessThan(1e-5);
      });
      if (own.length > 0) expect(Math.max(...gradients[name].map(Math.abs)), name).toBeGreaterThan(1e-2);
    }
  });
});
