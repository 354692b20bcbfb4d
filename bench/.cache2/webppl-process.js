import {
  cpuSeconds
} from "./chunk-TNNXDKV3.js";
import "./chunk-PZ5AY32C.js";

// src/hmm/webppl-process.ts
import { createRequire } from "module";

// src/hmm/webppl-program.ts
var program = ({ transition, emission, observations }) => `
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

// src/hmm/webppl-process.ts
var webppl = createRequire(import.meta.url)("webppl");
var bench = { now: cpuSeconds, particles: 0 };
globalThis.bench = bench;
var compiled = null;
process.on("message", ({ model, particles }) => {
  if (model !== void 0) compiled = webppl.compile(program(model), { filename: "hmm.wppl" });
  bench.particles = particles;
  webppl.prepare(compiled, (_, value) => process.send(value)).run();
});
//# sourceMappingURL=webppl-process.js.map