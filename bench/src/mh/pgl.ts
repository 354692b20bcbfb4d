import { compile, infer, mh, type Model } from "@pgl/core";
import type { NoisyOr } from "./model.js";

/** The model as a PGL program. */
export const program = ({ priors, leak, links }: NoisyOr): string => `
const priors = ${JSON.stringify(priors)}
const links: list<list<(int, float)>> = [${links
  .map((of) => `[${of.map(({ cause, strength }) => `(${cause}, ${strength})`).join(", ")}]`)
  .join(", ")}]

model diagnosis(findings: list<bool>): bool {
  var present: list<bool> = []
  for p in priors {
    let cause ~ bernoulli(p)
    present = push(present, cause)
  }
  for i in 0..len(findings) {
    var absent = ${1 - leak}
    for (cause, strength) in links[i] {
      if present[cause] { absent = absent * (1 - strength) }
    }
    observe findings[i] ~ bernoulli(1 - absent)
  }
  return present[0]
}
`;

/** Compiles the model; each call of the result is one chain and gives the share of its values that are true. */
export async function pglNoisyOr(model: NoisyOr): Promise<(steps: number, seed: number) => Promise<number>> {
  const compiled = await compile.source(program(model), { file: "noisy-or.pgl" });
  const diagnosis: Model = compiled["diagnosis"]!;
  return async (steps, seed) => {
    const method = mh({ samples: steps, burn: 0, chains: 1 });
    const posterior = await infer(diagnosis, [model.findings], method, { seed });
    return posterior.mean();
  };
}
