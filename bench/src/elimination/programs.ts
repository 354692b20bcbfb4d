import type { Hmm } from "../hmm/model.js";

/** The hidden Markov model as PGL programs: one returns its last state, the other all of them. */
export const hmmPrograms = ({ transition, emission }: Hmm): string => `
const transition = ${JSON.stringify(transition)}
const emission = ${JSON.stringify(emission)}

model last(observations: list<int>): int {
  var state = 0
  for y in observations {
    state = sample categorical(transition[state])
    observe y ~ categorical(emission[state])
  }
  return state
}

model all(observations: list<int>): list<int> {
  var state = 0
  var path: list<int> = []
  for y in observations {
    state = sample categorical(transition[state])
    observe y ~ categorical(emission[state])
    path = push(path, state)
  }
  return path
}
`;

/**
 * The model that returns its last state as a WebPPL program, enumerated whole. It returns the CPU seconds of the inference
 * alone, without compilation.
 */
export const webpplEnumeration = ({ transition, emission, observations }: Hmm): string => `
var transition = ${JSON.stringify(transition)}
var emission = ${JSON.stringify(emission)}
var observations = ${JSON.stringify(observations)}

var hmm = function() {
  var loop = function(t, state) {
    if (t === ${observations.length}) { return state }
    var next = sample(Discrete({ps: transition[state]}))
    observe(Discrete({ps: emission[next]}), observations[t])
    return loop(t + 1, next)
  }
  return loop(0, 0)
}

var start = bench.now()
var posterior = Infer({method: 'enumerate', strategy: bench.strategy, model: hmm})
var end = bench.now()
var answer = {cpu: end - start, probability: Math.exp(posterior.score(0))}
answer
`;
