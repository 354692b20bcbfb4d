import type { Hmm } from "./model.js";

/**
 * The same model as a WebPPL program: its own idiom, a recursive function, and `Discrete` for draws of an index. It
 * returns the CPU seconds of the inference alone, without compilation.
 */
export const program = ({ transition, emission, observations }: Hmm): string => `
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
var posterior = Infer({method: 'SMC', particles: bench.particles, model: hmm})
var end = bench.now()
var answer = {cpu: end - start, logZ: posterior.normalizationConstant}
answer
`;
