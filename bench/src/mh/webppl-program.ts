import type { NoisyOr } from "./model.js";

/** The same model as a WebPPL program, in its own idiom. It returns the CPU seconds of the inference alone. */
export const program = ({ priors, leak, links, findings }: NoisyOr): string => `
var priors = ${JSON.stringify(priors)}
var links = ${JSON.stringify(links)}
var findings = ${JSON.stringify(findings)}

var diagnosis = function() {
  var present = map(function(p) { return sample(Bernoulli({p: p})) }, priors)
  map2(function(of, finding) {
    var none = reduce(function(link, acc) {
      return present[link.cause] ? acc * (1 - link.strength) : acc
    }, ${1 - leak}, of)
    observe(Bernoulli({p: 1 - none}), finding)
  }, links, findings)
  return present[0]
}

var start = bench.now()
var posterior = Infer({method: 'MCMC', kernel: 'MH', samples: bench.steps, burn: 0, lag: 0, model: diagnosis})
var end = bench.now()
var answer = {cpu: end - start, mean: Math.exp(posterior.score(true))}
answer
`;
