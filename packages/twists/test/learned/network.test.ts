import { seeded, tensorFlow } from "@pgl/runtime";
import { expect, it } from "vitest";
import { withGradients } from "../../src/learned/gradients.js";
import { parameterNames, TwistNetwork, type ListedPlace } from "../../src/learned/network.js";

it.each([
  { vocabulary: 6, hidden: 9, window: 2, arguments: 34 },
  { vocabulary: 6, hidden: 0, window: 2, arguments: 0 },
])("plain loops and tensors give the same outputs: $vocabulary tokens, $hidden hidden", async (shape) => {
  const tf = withGradients(await tensorFlow());
  const random = seeded(4);
  const begun = TwistNetwork.begin(shape, 0.7, random.split(0));
  // What starts at zero is to be seen too.
  for (const [i, name] of parameterNames.entries()) {
    const p = begun.parameters[name];
    for (let at = 0; at < p.length; at++)
      p[at]! +=
        0.4 *
          random
            .split(i + 1)
            .split(at)
            .uniform() -
        0.2;
  }
  const numbers = (count: number, key: number): Float32Array =>
    Float32Array.from(
      { length: count },
      (_, i) =>
        2 *
          random
            .split(100 + key)
            .split(i)
            .uniform() -
        1,
    );
  const described = [numbers(shape.arguments, 1), numbers(shape.arguments, 2)].map((d) => d.map(Math.abs));
  const places: ListedPlace[] = [
    { hidden: numbers(shape.hidden, 3), recent: [3, 1], left: 7, ids: Int32Array.of(0, 2, 5) },
    { hidden: numbers(shape.hidden, 4), recent: [5], left: 1, ids: Int32Array.of() },
    { hidden: numbers(shape.hidden, 5), recent: [], left: 2, ids: Int32Array.of(1, 2, 3, 4) },
  ];
  const set = [0, 1, 1];
  const x = tf.tidy(() => begun.at(tf, begun.tensors(tf), places, described, set).dataSync());
  let at = 0;
  places.forEach((place, r) => {
    const own = described[set[r]!]!;
    for (const one of begun.outputs(place, begun.summary(own), begun.given(own))) expect(one).toBeCloseTo(x[at++]!, 4);
  });
  expect(at).toBe(x.length);
});
