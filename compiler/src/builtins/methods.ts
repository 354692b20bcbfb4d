/** An option of an inference method. `proposal` takes the name of a `proposal` declaration. */
export interface MethodOption {
  readonly name: string;
  readonly type: "int" | "float" | "proposal" | readonly string[];
  readonly doc: string;
  /** Must be at least this, when known while compiling. */
  readonly atLeast?: number;
}

export interface InferenceMethod {
  readonly name: string;
  readonly doc: string;
  readonly options: readonly MethodOption[];
}

const proposal: MethodOption = {
  name: "proposal",
  type: "proposal",
  doc: "A `proposal … for` this model to draw from in its place.",
};

/** What may stand after `using`. Options are always named. */
export const inferenceMethods: readonly InferenceMethod[] = [
  {
    name: "enumerate",
    doc: "Visits every execution; exact for discrete programs.",
    options: [
      { name: "max_traces", type: "int", doc: "Stop after this many finished executions.", atLeast: 1 },
      { name: "tolerance", type: "float", doc: "Stop when less prior probability than this is left.", atLeast: 0 },
    ],
  },
  {
    name: "rejection",
    doc: "Executions from the prior, each accepted in proportion to its weight; exact, slow when little is accepted.",
    options: [
      { name: "samples", type: "int", doc: "Accepted executions wanted.", atLeast: 1 },
      { name: "max_attempts", type: "int", doc: "Give up after this many executions.", atLeast: 1 },
      { name: "bound", type: "float", doc: "A number of nats that no execution's weight exceeds." },
    ],
  },
  {
    name: "importance",
    doc: "Weighted executions, each on its own.",
    options: [{ name: "samples", type: "int", doc: "How many executions.", atLeast: 1 }, proposal],
  },
  {
    name: "smc",
    doc: "A population of particles, resampled on the way.",
    options: [
      { name: "particles", type: "int", doc: "How many particles.", atLeast: 1 },
      {
        name: "resampler",
        type: ["systematic", "stratified", "multinomial", "residual", "optimal"],
        doc: "How offspring are chosen.",
      },
      {
        name: "ess",
        type: "float",
        doc: "Resample when the effective sample size falls below this share of the particles.",
        atLeast: 0,
      },
      proposal,
    ],
  },
];

export const inferenceMethod: ReadonlyMap<string, InferenceMethod> = new Map(
  inferenceMethods.map((method) => [method.name, method]),
);
