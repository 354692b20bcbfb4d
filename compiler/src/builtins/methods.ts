/**
 * What an option takes. `floats` is a list of numbers; `draws` a list of names of draws of the model that is run; `proposal`
 * and `twist` the names of such declarations; a list of strings is a choice among them.
 */
export type MethodOptionType = "int" | "float" | "bool" | "floats" | "draws" | "proposal" | "twist" | readonly string[];

/** An option of an inference method. */
export interface MethodOption {
  readonly name: string;
  readonly type: MethodOptionType;
  readonly doc: string;
  /** What it is when left out, as documentation shows it; absent where that is nothing. */
  readonly default?: string;
  /** It has no default: a method without it is an error. */
  readonly required?: true;
  /** Must be at least this, when known while compiling. For `floats`, each of them. */
  readonly atLeast?: number;
  /** Must be at most this, when known while compiling. For `floats`, each of them. */
  readonly atMost?: number;
}

export interface InferenceMethod {
  readonly name: string;
  readonly doc: string;
  /** What its answer is: see docs/methods.md. */
  readonly guarantee: "exact" | "unbiased" | "consistent" | "maximum";
  /** The only kind of draws it can work with: ones whose values can be listed, or continuous ones. */
  readonly draws?: "discrete" | "continuous";
  /** The option that names draws which the program makes before all others. */
  readonly drawnFirst?: string;
  readonly options: readonly MethodOption[];
}

const proposal: MethodOption = {
  name: "proposal",
  type: "proposal",
  doc: "A `proposal … for` this model to draw from in its place.",
};

const twist: MethodOption = {
  name: "twist",
  type: "twist",
  doc: "A `twist … for` this model that says which particles look promising.",
};

const particles = (value: number, doc = "How many particles.", atLeast = 1): MethodOption => ({
  name: "particles",
  type: "int",
  doc,
  default: String(value),
  atLeast,
});

const resampler: MethodOption = {
  name: "resampler",
  type: ["systematic", "stratified", "multinomial", "residual", "optimal"],
  doc: "How offspring are chosen.",
  default: '"systematic"',
};

const ess: MethodOption = {
  name: "ess",
  type: "float",
  doc: "Resample when the effective sample size falls below this share of the particles.",
  default: "0.5",
  atLeast: 0,
  atMost: 1,
};

const samples = (value: number, doc = "How many values are kept of each chain."): MethodOption => ({
  name: "samples",
  type: "int",
  doc,
  default: String(value),
  atLeast: 1,
});

const burn = (value: string): MethodOption => ({
  name: "burn",
  type: "int",
  doc: "Steps of each chain that are thrown away first.",
  default: value,
  atLeast: 0,
});

const thin: MethodOption = {
  name: "thin",
  type: "int",
  doc: "Only every so-manieth value is kept.",
  default: "1",
  atLeast: 1,
};

const chains = (value: number): MethodOption => ({
  name: "chains",
  type: "int",
  doc: "Chains, each from a start of its own; R-hat compares them.",
  default: String(value),
  atLeast: 1,
});

const KERNELS = ["single", "suffix", "prior", "drift", "block"];

const kernel: MethodOption = {
  name: "kernel",
  type: KERNELS,
  doc: 'How a step changes an execution: one draw ("single"), everything from a draw on, all anew, continuous draws a little ("drift"), or `sites` together.',
  default: '"single"',
};

const sites = (doc: string): MethodOption => ({ name: "sites", type: "draws", doc });

const moves = (value: number, doc: string): MethodOption => ({
  name: "moves",
  type: "int",
  doc,
  default: String(value),
  atLeast: 0,
});

const parameters: MethodOption = {
  name: "parameters",
  type: "draws",
  doc: "The draws that particles run within; the program makes them before all others.",
  required: true,
};

const temperatures = (value: number): MethodOption => ({
  name: "temperatures",
  type: "int",
  doc: "Steps from the prior to the program.",
  default: String(value),
  atLeast: 1,
});

const islands: MethodOption = {
  name: "islands",
  type: "int",
  doc: "Independent populations; the spread of their estimates is the standard error of log Z (8 or more make it a good one).",
  default: "1",
  atLeast: 1,
};

const targetAccept: MethodOption = {
  name: "target_accept",
  type: "float",
  doc: "The share of accepted steps that the step size is tuned for.",
  default: "0.8",
  atLeast: 0,
  atMost: 1,
};

const maxStates: MethodOption = {
  name: "max_states",
  type: "int",
  doc: "Give up when more states than this have to be looked at.",
  default: "1000000",
  atLeast: 1,
};

/** What may stand after `using`. Options are always named. */
export const inferenceMethods: readonly InferenceMethod[] = [
  {
    name: "enumerate",
    doc: "Visits every execution; exact for discrete programs.",
    guarantee: "exact",
    draws: "discrete",
    options: [
      {
        name: "max_traces",
        type: "int",
        doc: "Stop after this many finished executions.",
        default: "1000000",
        atLeast: 1,
      },
      {
        name: "tolerance",
        type: "float",
        doc: "Stop when less prior probability than this is left.",
        default: "1e-12",
        atLeast: 0,
      },
    ],
  },
  {
    name: "rejection",
    doc: "Executions from the prior, each accepted in proportion to its weight; exact, slow when little is accepted.",
    guarantee: "unbiased",
    options: [
      { name: "samples", type: "int", doc: "Accepted executions wanted.", default: "100", atLeast: 1 },
      { name: "max_attempts", type: "int", doc: "Give up after this many executions.", default: "1000000", atLeast: 1 },
      { name: "bound", type: "float", doc: "A number of nats that no execution's weight exceeds.", default: "0" },
    ],
  },
  {
    name: "importance",
    doc: "Weighted executions, each on its own.",
    guarantee: "unbiased",
    options: [
      { name: "samples", type: "int", doc: "How many executions.", default: "1000", atLeast: 1 },
      islands,
      proposal,
    ],
  },
  {
    name: "smc",
    doc: "A population of particles, resampled on the way.",
    guarantee: "unbiased",
    options: [
      particles(100),
      resampler,
      ess,
      moves(0, "Steps of a Markov kernel on each particle after every step of the population."),
      kernel,
      islands,
      proposal,
      twist,
    ],
  },
  {
    name: "alive",
    doc: "Particles that start again until enough of them have passed each hard condition.",
    guarantee: "unbiased",
    options: [
      particles(100),
      {
        name: "max_attempts",
        type: "int",
        doc: "Give up after this many attempts at a step.",
        default: "1000000",
        atLeast: 1,
      },
      twist,
    ],
  },
  {
    name: "mh",
    doc: "Metropolis–Hastings on executions: Markov chains that change some draws at a time.",
    guarantee: "consistent",
    options: [
      samples(1000),
      burn("half of samples"),
      thin,
      chains(4),
      kernel,
      sites('The draws that the kernel "block" draws again together.'),
    ],
  },
  {
    name: "gibbs",
    doc: "Markov chains that draw one finite choice at a time from its exact conditional; other draws move as in `mh`.",
    guarantee: "consistent",
    options: [
      samples(1000),
      burn("half of samples"),
      thin,
      chains(4),
      sites("The draws that change. All when left out."),
    ],
  },
  {
    name: "hmc",
    doc: "Hamiltonian Monte Carlo: Markov chains that follow the gradient of the density.",
    guarantee: "consistent",
    draws: "continuous",
    options: [
      samples(1000),
      burn("500"),
      chains(4),
      {
        name: "leapfrog",
        type: "int",
        doc: "Steps along the gradient before each decision.",
        default: "16",
        atLeast: 1,
      },
      { name: "step_size", type: "float", doc: "Their size; tuned during burn-in when left out.", atLeast: 0 },
      targetAccept,
    ],
  },
  {
    name: "nuts",
    doc: "Hamiltonian Monte Carlo that finds out how far to go.",
    guarantee: "consistent",
    draws: "continuous",
    options: [
      samples(1000),
      burn("500"),
      chains(4),
      { name: "max_depth", type: "int", doc: "Doublings of a path at most.", default: "10", atLeast: 1 },
      targetAccept,
    ],
  },
  {
    name: "particle_gibbs",
    doc: "A Markov chain whose every step is a run of particles that keeps the execution before.",
    guarantee: "consistent",
    options: [
      particles(16, "How many particles, the kept one among them.", 2),
      { name: "sweeps", type: "int", doc: "Runs of particles, one after the other.", default: "200", atLeast: 1 },
      burn("a quarter of sweeps"),
      {
        name: "ancestor_sampling",
        type: "bool",
        doc: "Draw the past of the kept execution anew at each step.",
        default: "false",
      },
      resampler,
      twist,
    ],
  },
  {
    name: "pimh",
    doc: "A Markov chain that proposes whole runs of particles and accepts them by their estimates of Z.",
    guarantee: "consistent",
    options: [particles(100), samples(1000), burn("a quarter of samples"), resampler, twist],
  },
  {
    name: "pmmh",
    doc: "Metropolis–Hastings on parameters, with particles for all that follows.",
    guarantee: "consistent",
    drawnFirst: "parameters",
    options: [parameters, particles(100), samples(1000), burn("a quarter of samples"), chains(1), resampler, twist],
  },
  {
    name: "smc2",
    doc: "Particles of parameters, each with particles of its own.",
    guarantee: "unbiased",
    drawnFirst: "parameters",
    options: [
      parameters,
      particles(64, "How many particles of parameters."),
      { name: "inner_particles", type: "int", doc: "How many particles each of them has.", default: "64", atLeast: 1 },
      ess,
      moves(1, "Moves of each parameter particle, at steps 1 to 6 and then ever more seldom."),
      resampler,
      twist,
    ],
  },
  {
    name: "parallel_tempering",
    doc: "Chains at several temperatures that trade places, so that the cold one gets across valleys.",
    guarantee: "consistent",
    options: [
      {
        name: "temperatures",
        type: "floats",
        doc: "The temperature of each chain, rising from 1; in place of `rungs` and `max_temperature`.",
        atLeast: 1,
      },
      {
        name: "rungs",
        type: "int",
        doc: "How many temperatures, spaced evenly on a logarithmic scale.",
        default: "5",
        atLeast: 1,
      },
      { name: "max_temperature", type: "float", doc: "The highest of them.", default: "10", atLeast: 1 },
      samples(1000),
      burn("half of samples"),
      {
        name: "inner",
        type: ["mh", "particle_gibbs"],
        doc: "How each chain moves between exchanges.",
        default: '"mh"',
      },
      kernel,
      particles(16, "How many particles a move has, where `inner` has some.", 2),
    ],
  },
  {
    name: "annealed",
    doc: "Executions from the prior, moved step by step towards the program; weighted, never resampled.",
    guarantee: "unbiased",
    options: [particles(100), temperatures(20), moves(1, "Moves at each step."), kernel],
  },
  {
    name: "tempered",
    doc: "Executions from the prior, moved step by step towards the program and resampled on the way.",
    guarantee: "unbiased",
    options: [particles(100), temperatures(20), moves(1, "Moves at each step."), kernel, ess, resampler],
  },
  {
    name: "nested",
    doc: "Weighted executions with unbiased estimates of what they infer inside; some weights may be negative.",
    guarantee: "unbiased",
    options: [
      samples(1000, "How many executions."),
      {
        name: "rate",
        type: "float",
        doc: "Of the geometric number of doublings of what an inference inside draws; above 0.5.",
        default: "0.62",
        atLeast: 0.5,
        atMost: 1,
      },
    ],
  },
  {
    name: "dc_smc",
    doc: "Divide and conquer: the `independent` parts of a program each have particles, which are then merged.",
    guarantee: "unbiased",
    options: [
      particles(100),
      resampler,
      ess,
      {
        name: "merge",
        type: ["pairs", "mixture"],
        doc: "Particles of the parts one to one, or all combinations.",
        default: '"pairs"',
      },
      twist,
    ],
  },
  {
    name: "marginal",
    doc: "The exact posterior by eliminating variables; equal states of a program are visited once.",
    guarantee: "exact",
    draws: "discrete",
    options: [maxStates],
  },
  {
    name: "map",
    doc: "The most probable execution, exactly.",
    guarantee: "maximum",
    draws: "discrete",
    options: [maxStates],
  },
  {
    name: "mmap",
    doc: "The most probable values of some draws, the others summed out.",
    guarantee: "maximum",
    draws: "discrete",
    options: [{ name: "vars", type: "draws", doc: "The draws to maximise over.", required: true }, maxStates],
  },
  {
    name: "plan",
    doc: "The best decisions, each knowing what was drawn before it.",
    guarantee: "maximum",
    draws: "discrete",
    options: [{ name: "decisions", type: "draws", doc: "The draws to be chosen.", required: true }, maxStates],
  },
];

export const inferenceMethod: ReadonlyMap<string, InferenceMethod> = new Map(
  inferenceMethods.map((method) => [method.name, method]),
);
