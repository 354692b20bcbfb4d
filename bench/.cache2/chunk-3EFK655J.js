// ../runtime/src/errors.ts
var PglError = class extends Error {
  constructor(code, message, details = {}) {
    super(message, details.cause === void 0 ? void 0 : { cause: details.cause });
    this.code = code;
    this.name = new.target.name;
    this.hint = details.hint;
    this.site = details.site;
    this.step = details.step;
  }
  code;
  hint;
  site;
  step;
};
var RunError = class extends PglError {
};
var DistributionError = class extends PglError {
  constructor(distribution, parameter, requirement, value) {
    super("PGLR010", `${distribution}: \`${parameter}\` must be ${requirement}, but it is ${String(value)}.`);
    this.distribution = distribution;
    this.parameter = parameter;
  }
  distribution;
  parameter;
};
var MethodError = class extends PglError {
};

// ../runtime/src/machine/site.ts
var site = (description) => Object.freeze(description);
function showSite(where2) {
  const place = where2.line === void 0 ? "" : `${where2.file ?? "program"}:${where2.line}:${where2.column} `;
  const what = where2.name.startsWith(`${where2.kind}@`) ? where2.kind : `${where2.kind} ${where2.name}`;
  return `${place}(${what})`;
}

// ../runtime/src/weights/log-weights.ts
var LogWeights = class {
  values;
  largest;
  /** Σ exp(v − max) and Σ exp(v − max)², once somebody has asked. */
  sum = -1;
  squares = 0;
  /**
   * Copies `values`.
   * @throws RunError PGLR053 when one of them is NaN or +Infinity.
   */
  constructor(values) {
    const copy = new Float64Array(values);
    let max2 = -Infinity;
    for (let i = 0; i < copy.length; i++) {
      const v = copy[i];
      if (!(v < Infinity)) throw notAWeight(v, i);
      if (v > max2) max2 = v;
    }
    this.values = copy;
    this.largest = max2;
  }
  get length() {
    return this.values.length;
  }
  at(index) {
    return this.values[index];
  }
  /** The largest; `-Infinity` when every weight is zero or there is none. */
  max() {
    return this.largest;
  }
  /** log Σ exp(v). `-Infinity` when every weight is zero. */
  logSum() {
    return this.largest === -Infinity ? -Infinity : this.largest + Math.log(this.scaledSum());
  }
  /** log of the average weight: what estimates log Z. */
  logMean() {
    return this.logSum() - Math.log(this.values.length);
  }
  /** Effective sample size (Σ w)² / Σ w²: between 1 and the length; 0 when every weight is zero. */
  ess() {
    if (this.largest === -Infinity) return 0;
    const sum2 = this.scaledSum();
    return sum2 * sum2 / this.squares;
  }
  /** The weights, divided by their sum; all zero when every weight is zero. A fresh array. */
  normalized() {
    const { values, largest } = this;
    const out = new Float64Array(values.length);
    if (largest === -Infinity) return out;
    const sum2 = this.scaledSum();
    for (let i = 0; i < values.length; i++) out[i] = Math.exp(values[i] - largest) / sum2;
    return out;
  }
  /** Running totals of the weights, up to a common factor; the last is the sum. A fresh array. */
  cumulative() {
    const { values, largest } = this;
    const out = new Float64Array(values.length);
    if (largest === -Infinity) return out;
    let total = 0;
    for (let i = 0; i < values.length; i++) out[i] = total += Math.exp(values[i] - largest);
    return out;
  }
  /** A copy of the log-weights. */
  toArray() {
    return this.values.slice();
  }
  scaledSum() {
    if (this.sum < 0) {
      const { values, largest } = this;
      let sum2 = 0;
      let squares = 0;
      for (let i = 0; i < values.length; i++) {
        const w = Math.exp(values[i] - largest);
        sum2 += w;
        squares += w * w;
      }
      this.sum = sum2;
      this.squares = squares;
    }
    return this.sum;
  }
};
function notAWeight(value, index) {
  return new RunError("PGLR053", `Log-weight ${index} is ${Number.isNaN(value) ? "NaN" : "+Infinity"}.`, {
    hint: "A log-weight is a number of nats below +Infinity; -Infinity stands for a weight of zero."
  });
}
function logSumExp(values) {
  let max2 = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] > max2 || Number.isNaN(values[i])) max2 = values[i];
  if (max2 === -Infinity || max2 === Infinity || Number.isNaN(max2)) return max2;
  let sum2 = 0;
  for (let i = 0; i < values.length; i++) sum2 += Math.exp(values[i] - max2);
  return max2 + Math.log(sum2);
}
function logAddExp(a, b) {
  if (a === b) return a + Math.LN2;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

// ../runtime/src/weights/resamplers/scheme.ts
function requireMass(weights) {
  if (weights.max() === -Infinity) {
    throw new RunError("PGLR054", "There is nothing to resample from: every weight is zero.");
  }
}
function equalOffspring(counts, weights, n) {
  const ancestors = new Int32Array(n);
  let j = 0;
  for (let i = 0; i < counts.length; i++) for (let k = counts[i]; k > 0; k--) ancestors[j++] = i;
  return { ancestors, logWeights: new Float64Array(n).fill(weights.logSum() - Math.log(n)) };
}
function lastPositive(cumulative) {
  let i = cumulative.length - 1;
  while (i > 0 && cumulative[i] === cumulative[i - 1]) i--;
  return i;
}
function insideUnit(points) {
  points.sort();
  let m = 0;
  for (const x of points) if (x > 0 && x < 1 && (m === 0 || x !== points[m - 1])) points[m++] = x;
  return points.slice(0, m);
}

// ../runtime/src/weights/resamplers/multinomial.ts
var multinomial = {
  name: "multinomial",
  resample(weights, n, random) {
    requireMass(weights);
    const counts = new Int32Array(weights.length);
    drawInto(counts, weights.cumulative(), n, random);
    return equalOffspring(counts, weights, n);
  }
};
function drawInto(counts, cumulative, draws, random) {
  if (draws === 0) return;
  const n = cumulative.length;
  const last = lastPositive(cumulative);
  const total = cumulative[last];
  const scale = n / total;
  const start = new Int32Array(n);
  for (let cell = 0, i = 0; cell < n; cell++) {
    while (i < last && cumulative[i] * scale <= cell) i++;
    start[cell] = i;
  }
  const breakpoints = () => insideUnit(cumulative.map((c) => c / total));
  for (let d = 0; d < draws; d++) {
    const u = random.uniformAmong(breakpoints);
    const point = u * total;
    let i = start[Math.min(n - 1, Math.floor(u * n))];
    while (i > 0 && cumulative[i - 1] > point) i--;
    while (i < last && cumulative[i] <= point) i++;
    counts[i]++;
  }
}

// ../runtime/src/weights/resamplers/optimal.ts
var optimal = {
  name: "optimal",
  resample(weights, n, random) {
    requireMass(weights);
    const w = Float64Array.from({ length: weights.length }, (_, i) => Math.exp(weights.at(i) - weights.max()));
    let positive2 = 0;
    let total = 0;
    for (const x of w) {
      if (x > 0) positive2++;
      total += x;
    }
    const copies = new Int32Array(w.length);
    const average = total / n;
    let places = n;
    if (positive2 <= n) {
      for (let i = 0; i < w.length; i++) places -= copies[i] = Math.floor(w[i] / average);
    }
    const light = [];
    for (let i = 0; i < w.length; i++) if (copies[i] === 0 && w[i] > 0) light.push(i);
    const keepers = new Float64Array(w.length);
    if (light.length <= places) {
      for (const i of light) keepers[i] = w[i];
      split(w, copies, average, places - light.length);
    } else if (places > 0) {
      const c = threshold(w, light, places);
      const unsure = light.filter((i) => w[i] < c);
      for (const i of light) if (w[i] >= c) keepers[i] = w[i];
      const chosen = places - (light.length - unsure.length);
      let sum2 = 0;
      const ends = Float64Array.from(unsure, (i) => sum2 += w[i]);
      const spacing = sum2 / chosen;
      const offset = chosen > 0 ? random.uniformAmong(() => insideUnit(ends.map((e) => e / spacing - Math.floor(e / spacing)))) : 0;
      for (let j = 0, k = 0; j < chosen; j++, k++) {
        const point = (j + offset) * spacing;
        while (k < unsure.length - (chosen - j) && ends[k] <= point) k++;
        keepers[unsure[k]] = spacing;
      }
    }
    return offspring(weights, w, copies, keepers, n);
  }
};
function split(w, copies, average, extra) {
  if (extra <= 0) return;
  let cut = 0;
  let last = 0;
  for (let i = 0; i < w.length; i++) {
    if (copies[i] === 0) continue;
    cut += w[i] / average - copies[i];
    last = i;
  }
  let due = 0;
  let given = 0;
  for (let i = 0; i < w.length && given < extra; i++) {
    if (copies[i] === 0) continue;
    due += (w[i] / average - copies[i]) * extra / cut;
    if (due >= given + 1) {
      copies[i]++;
      given++;
    }
  }
  copies[last] += extra - given;
}
function threshold(w, candidates, n) {
  let below = candidates;
  let places = n;
  for (; ; ) {
    let sum2 = 0;
    for (const i of below) sum2 += w[i];
    const c = sum2 / places;
    const lighter = below.filter((i) => w[i] < c);
    const heavier = below.length - lighter.length;
    if (heavier === 0 || heavier >= places) return c;
    places -= heavier;
    below = lighter;
  }
}
function offspring(weights, w, copies, keepers, n) {
  const ancestors = new Int32Array(n);
  const logWeights = new Float64Array(n);
  let j = 0;
  for (let i = 0; i < w.length; i++) {
    if (copies[i] > 0) {
      const each = weights.at(i) - Math.log(copies[i]);
      for (let k = copies[i]; k > 0; k--) {
        ancestors[j] = i;
        logWeights[j++] = each;
      }
    } else if (keepers[i] > 0) {
      ancestors[j] = i;
      logWeights[j++] = keepers[i] === w[i] ? weights.at(i) : weights.max() + Math.log(keepers[i]);
    }
  }
  return { ancestors, logWeights };
}

// ../runtime/src/weights/resamplers/residual.ts
var residual = {
  name: "residual",
  resample(weights, n, random) {
    requireMass(weights);
    const cumulative = weights.cumulative();
    const scale = n / cumulative[lastPositive(cumulative)];
    const counts = new Int32Array(cumulative.length);
    const rest = new Float64Array(cumulative.length);
    let certain = 0;
    let left = 0;
    for (let i = 0; i < counts.length; i++) {
      const expected = Math.exp(weights.at(i) - weights.max()) * scale;
      const whole2 = Math.floor(expected);
      counts[i] = whole2;
      certain += whole2;
      rest[i] = left += expected - whole2;
    }
    if (left > 0) drawInto(counts, rest, Math.max(0, n - certain), random);
    return equalOffspring(counts, weights, n);
  }
};

// ../runtime/src/weights/resamplers/stratified.ts
var stratified = {
  name: "stratified",
  resample(weights, n, random) {
    requireMass(weights);
    const cumulative = weights.cumulative();
    const last = lastPositive(cumulative);
    const spacing = cumulative[last] / n;
    let stratum = 0;
    const breakpoints = () => insideUnit(cumulative.map((c) => c / spacing - stratum));
    const counts = new Int32Array(cumulative.length);
    for (let i = 0; stratum < n; stratum++) {
      const point = (stratum + random.uniformAmong(breakpoints)) * spacing;
      while (i < last && cumulative[i] <= point) i++;
      counts[i]++;
    }
    return equalOffspring(counts, weights, n);
  }
};

// ../runtime/src/weights/resamplers/systematic.ts
var systematic = {
  name: "systematic",
  resample(weights, n, random) {
    requireMass(weights);
    const cumulative = weights.cumulative();
    const last = lastPositive(cumulative);
    const spacing = cumulative[last] / n;
    const offset = random.uniformAmong(
      () => insideUnit(
        cumulative.map((c) => {
          const place = c / spacing;
          return place - Math.floor(place);
        })
      )
    );
    const counts = new Int32Array(cumulative.length);
    for (let j = 0, i = 0; j < n; j++) {
      const point = (j + offset) * spacing;
      while (i < last && cumulative[i] <= point) i++;
      counts[i]++;
    }
    return equalOffspring(counts, weights, n);
  }
};

// ../runtime/src/weights/resamplers/index.ts
var resamplers = { systematic, stratified, multinomial, residual, optimal };

// ../runtime/src/weights/tensors/engine.ts
import { createRequire } from "module";
import { dirname, join, sep } from "path";
var inUse = null;
function tensorEngineInUse() {
  return inUse === null ? null : `${inUse.name}: ${inUse.detail}`;
}

// ../runtime/src/inference/blocks/answer.ts
function answerRequests(waiting, environment, tick, streams = (particle) => particle.random.split(tick)) {
  const groups = /* @__PURE__ */ new Map();
  for (let i = 0; i < waiting.length; i++) {
    const { handler } = waiting[i].request;
    const group = groups.get(handler);
    if (group === void 0) groups.set(handler, [i]);
    else group.push(i);
  }
  const pending = [];
  for (const [handler, indices] of groups) {
    const answers = handler.answer(
      indices.map((i) => waiting[i].request.payload),
      environment,
      (k) => streams(waiting[indices[k]], indices[k])
    );
    const give = (values) => {
      if (values.length !== indices.length) {
        throw new RunError("PGLR063", `\`${handler.name}\` gave ${values.length} answers to ${indices.length} requests.`);
      }
      for (let k = 0; k < indices.length; k++) {
        const particle = waiting[indices[k]];
        particle.value = values[k];
        particle.request = null;
      }
    };
    const fail2 = (error) => {
      const { payload = 0 } = error;
      if (error instanceof PglError) error.site ??= waiting[indices[payload]].site ?? void 0;
      throw error;
    };
    if (isPromise(answers)) pending.push(answers.then(give, fail2));
    else give(answers);
  }
  if (pending.length > 0) return Promise.all(pending).then(() => void 0);
}
function isPromise(value) {
  return typeof value?.then === "function";
}

// ../runtime/src/machine/environment.ts
var defaultLimits = Object.freeze({ max_recursion: 2e4, max_operations: 1e7 });

// ../runtime/src/inference/environment.ts
var RunEnvironment = class _RunEnvironment {
  /** @throws MethodError PGLR033 for a limit that is no positive number. */
  constructor(services, random, signal, limits = {}) {
    this.services = services;
    this.random = random;
    this.signal = signal;
    for (const [name, value] of Object.entries(limits)) {
      if (value !== void 0 && !(value > 0)) throw new MethodError("PGLR033", `The limit \`${name}\` is a number above 0, not ${String(value)}.`);
    }
    this.limits = {
      max_recursion: limits.max_recursion ?? defaultLimits.max_recursion,
      max_operations: limits.max_operations ?? defaultLimits.max_operations
    };
    this.maxSteps = limits.max_steps ?? Infinity;
    this.deadline = limits.max_time === void 0 ? Infinity : performance.now() + 1e3 * limits.max_time;
  }
  services;
  random;
  signal;
  limits;
  maxSteps;
  deadline;
  outer = null;
  found = /* @__PURE__ */ new Map();
  /**
   * For an inference inside this one: the same services, deadline and limits of an execution, other randomness. Its
   * warnings are passed on, but for an empty posterior, which inside a program is an answer like any other.
   */
  nested(random) {
    const inner = new _RunEnvironment(this.services, random, this.signal, this.limits);
    inner.deadline = this.deadline;
    inner.outer = this;
    return inner;
  }
  service(key) {
    const service = this.services.get(key);
    if (service === void 0) {
      const [kind, name] = key.split(":", 2);
      throw kind === "lm" ? new RunError("PGLR007", `No language model is loaded for \`${name}\`.`, {
        hint: `Pass one: --lm ${name}=stories, or { lms: { ${name}: await loadLanguageModel("stories") } }.`
      }) : new RunError("PGLR007", `This run has no service \`${key}\`.`);
    }
    return service;
  }
  warn(warning) {
    const key = `${warning.code}@${warning.site?.file ?? ""}:${warning.site?.start ?? ""}:${warning.site?.name ?? ""}`;
    const known = this.found.get(key);
    if (known !== void 0) known.count++;
    else this.found.set(key, { ...warning, count: 1 });
    if (warning.code !== "PGLW003") this.outer?.warn(warning);
  }
  get warnings() {
    return [...this.found.values()];
  }
  /** Why the run should end now, if it should. `step` is the last that was taken. */
  whyStop(step) {
    if (this.signal?.aborted === true) return "interrupted";
    if (this.deadline !== Infinity && performance.now() >= this.deadline) return "max_time";
    return step >= this.maxSteps ? "max_steps" : null;
  }
};

// ../runtime/src/inference/blocks/drive.ts
var BREATH = 50;
async function drive(method, environment, onStep) {
  const run = environment instanceof RunEnvironment ? environment : null;
  let step = 0;
  let breath = performance.now();
  const stopped2 = () => run !== null ? run.whyStop(step) : environment.signal?.aborted === true ? "interrupted" : null;
  for (; ; ) {
    const stop = stopped2();
    if (stop !== null) return began(step, stop);
    if (performance.now() - breath > BREATH) {
      await new Promise((resolve) => setImmediate(resolve));
      breath = performance.now();
    }
    const next = method.next();
    if (next.done === true) return null;
    if (!isPromise(next.value)) {
      step = next.value.step;
      onStep(next.value);
      continue;
    }
    try {
      await unlessAborted(next.value, environment.signal);
      breath = performance.now();
    } catch (error) {
      const cause = stopped2();
      if (cause === null || cause === "max_steps") throw error;
      return began(step, cause);
    }
  }
}
function began(step, stop) {
  if (step === 0) throw new DOMException("The run was ended before its first step.", "AbortError");
  return stop;
}
function unlessAborted(work, signal) {
  if (signal === void 0) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException("The run was interrupted.", "AbortError"));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
var reasons = {
  interrupted: "was interrupted",
  max_time: "has reached its limit `max_time`",
  max_steps: "has reached its limit `max_steps`"
};
function warnOfStop(environment, stop, what) {
  environment.warn({ code: "PGLW008", message: `The run ${reasons[stop]}. ${what}` });
}
var warningsOf = (environment) => environment instanceof RunEnvironment ? environment.warnings : [];

// ../runtime/src/inference/blocks/evidence-error.ts
function logEvidenceError(weights, eve, resamplings) {
  const n = weights.length;
  if (n < 2) return null;
  const byRoot = /* @__PURE__ */ new Map();
  for (let i = 0; i < n; i++) if (weights[i] > 0) byRoot.set(eve[i], (byRoot.get(eve[i]) ?? 0) + weights[i]);
  if (byRoot.size < 2) return null;
  let same2 = 0;
  for (const w of byRoot.values()) same2 += w * w;
  const variance2 = 1 - (n / (n - 1)) ** (resamplings + 1) * (1 - same2);
  return Math.sqrt(Math.max(0, variance2));
}

// ../runtime/src/machine/frame.ts
var Frame = class {
  /** Where `step` goes on. */
  pc = 0;
  parent = null;
  /** How many frames there are up to this one. */
  depth = 1;
  /** More than one particle (or frame) may point here: whoever wants to write copies first. */
  shared = false;
  /** A frame that may be written to: this one, or a copy when it is shared. */
  owned() {
    return this.shared ? this.twin() : this;
  }
  /** A copy at the same place in the program, with the same callers. */
  twin() {
    const twin = this.copy();
    twin.pc = this.pc;
    twin.parent = this.parent;
    twin.depth = this.depth;
    if (twin.parent !== null) twin.parent.shared = true;
    return twin;
  }
};

// ../runtime/src/machine/op.ts
var Op = {
  /** The frame stack changed (call or return): go on with `particle.frame`. */
  Continue: 0,
  /** The program has returned; its value is in `particle.value`. */
  Done: 1,
  /** Draw from `particle.distribution` at `particle.site` (proposing from `particle.proposal` if not null). */
  Sample: 2,
  /** Multiply the weight by `exp(particle.increment)`: a factor, an observation or a condition at `particle.site`. */
  Weight: 3,
  /** Set the running twist to `particle.increment` nats. */
  Twist: 4,
  /** A place where sequential inference may resample; nothing is weighted. */
  Step: 5,
  /** Something answered from outside, in batches: `particle.request`. The answer arrives in `particle.value`. */
  Request: 6
};

// ../runtime/src/inference/blocks/forward.ts
var Status = {
  /** At a weight, twist or step: it can go on. */
  Checkpoint: 0,
  /** Waiting for the answer to `particle.request`. */
  Waiting: 1,
  /** At a draw whose value the method must supply (`runToChoice` only). */
  Choice: 2,
  /** Returned; `particle.value` is the result and the twist has been taken away. */
  Done: 3,
  /** Weight zero. Nothing after the statement that made it so has run. */
  Dead: 4
};
function runToCheckpoint(particle) {
  for (; ; ) {
    const op = particle.advance();
    if (op === Op.Sample) {
      if (drawForward(particle)) continue;
      return particle.frame === null ? Status.Dead : Status.Waiting;
    }
    const status = settle(particle, op);
    if (status !== void 0) return status;
  }
}
function runToChoice(particle) {
  for (; ; ) {
    const op = particle.advance();
    if (op === Op.Sample) {
      const drawn = particle.distribution;
      if (drawn.kind === "distribution") return Status.Choice;
      particle.call(drawn.draw(particle.site, null));
      continue;
    }
    const status = settle(particle, op);
    if (status !== void 0 && status !== Status.Checkpoint) return status;
  }
}
function choose(particle, value) {
  const site2 = particle.site;
  particle.value = value;
  if (site2.kind === "sample") particle.record(site2, value, particle.distribution);
}
function settle(particle, op) {
  switch (op) {
    case Op.Weight:
      return addWeight(particle, particle.increment) ? Status.Checkpoint : Status.Dead;
    case Op.Twist:
      if (!(particle.increment < Infinity)) throw badWeight(particle.site, particle.increment);
      particle.logTwist = particle.increment;
      return Status.Checkpoint;
    case Op.Step:
      return Status.Checkpoint;
    case Op.Done:
      particle.logTwist = 0;
      return Status.Done;
    case Op.Request:
      return Status.Waiting;
    default:
      return void 0;
  }
}
function addWeight(particle, increment) {
  if (increment === -Infinity) {
    particle.logWeight = -Infinity;
    particle.frame = null;
    particle.guide = null;
    return false;
  }
  if (!(increment < Infinity)) throw badWeight(particle.site, increment);
  particle.logWeight += increment;
  return true;
}
function badWeight(site2, increment) {
  const what = typeof increment !== "number" ? "not a number" : Number.isNaN(increment) ? "NaN" : "+Infinity";
  return new RunError("PGLR062", `The weight at ${showSite(site2)} is ${what}.`, {
    site: site2,
    hint: "A weight is a number of nats below +Infinity; -Infinity rules the execution out."
  });
}
function drawForward(particle) {
  const distribution = particle.distribution;
  let proposal = particle.proposal;
  const site2 = particle.site;
  if (particle.guide !== null && site2.kind === "sample") {
    const answer = particle.guide.ask(site2.name);
    if (answer.kind === "wait") {
      particle.call(new GuideWait(distribution, proposal, site2));
      particle.request = answer.request;
      return false;
    }
    if (answer.kind === "drawn") {
      if (distribution.kind === "process") {
        throw new RunError("PGLR003", `The proposal drew \`${site2.name}\` before the model came to it.`, { site: site2 });
      }
      checkCoverage(particle, distribution, answer.distribution, site2);
      return accept(particle, distribution, answer.value, answer.distribution.logDensity(answer.value));
    }
    if (answer.kind === "propose") {
      proposal = answer.distribution;
      if (distribution.kind === "process") {
        particle.call(new GuidedDraw(distribution.draw(site2, proposal)));
        return true;
      }
      const before = particle.guide;
      const alive = drawProposed(particle, distribution, proposal, site2);
      before.tell(particle.value);
      return alive;
    }
  }
  if (distribution.kind === "process") {
    particle.call(distribution.draw(site2, proposal));
    return true;
  }
  if (proposal !== null) return drawProposed(particle, distribution, proposal, site2);
  const value = distribution.sample(particle.random);
  particle.value = value;
  if (site2.kind === "sample") particle.record(site2, value, distribution);
  return true;
}
function drawProposed(particle, distribution, proposal, site2) {
  if (proposal.kind === "process") {
    throw new RunError(
      "PGLR006",
      `At ${showSite(site2)} a ${proposal.name} is proposed for a ${distribution.name}: a proposal must be of the same kind.`,
      { site: site2 }
    );
  }
  checkCoverage(particle, distribution, proposal, site2);
  const value = proposal.sample(particle.random);
  return accept(particle, distribution, value, proposal.logDensity(value));
}
function accept(particle, target2, value, logProposal) {
  particle.value = value;
  if (particle.site.kind === "sample") particle.record(particle.site, value, target2);
  return addWeight(particle, target2.logDensity(value) - logProposal);
}
var COVERAGE_LIMIT = 256;
var COVERAGE_SAMPLE = 8;
var compared = /* @__PURE__ */ new WeakMap();
function checkCoverage(particle, target2, proposal, site2) {
  if (target2 === proposal || compared.get(target2) === proposal) return;
  compared.set(target2, proposal);
  if (covers(proposal, target2)) return;
  particle.environment.warn({
    code: "PGLW001",
    message: `The proposal ${proposal.name} at ${showSite(site2)} does not cover ${target2.name}: what it cannot draw is missing from the posterior, unless the program rules it out anyway.`,
    site: site2
  });
}
function covers(proposal, target2) {
  const support2 = target2.support;
  switch (support2.kind) {
    case "interval": {
      const theirs = proposal.support;
      return theirs.kind !== "interval" || theirs.lower <= support2.lower && theirs.upper >= support2.upper;
    }
    case "finite": {
      const { values, probabilities } = support2;
      if (values.length > COVERAGE_LIMIT) return true;
      for (let i = 0; i < values.length; i++) {
        if (probabilities[i] > 0 && proposal.logDensity(values[i]) === -Infinity) return false;
      }
      return true;
    }
    case "countable": {
      let looked = 0;
      for (const value of support2.values()) {
        if (proposal.logDensity(value) === -Infinity) return false;
        if (++looked === COVERAGE_SAMPLE) break;
      }
      return true;
    }
    default:
      return true;
  }
}
var GuideWait = class _GuideWait extends Frame {
  constructor(distribution, proposal, site2) {
    super();
    this.distribution = distribution;
    this.proposal = proposal;
    this.site = site2;
  }
  distribution;
  proposal;
  site;
  step(particle) {
    if (this.pc === 0) {
      this.pc = 1;
      particle.guide.answer(particle.value);
      return particle.sample(this.distribution, this.site, this.proposal);
    }
    return particle.return(particle.value);
  }
  copy() {
    return new _GuideWait(this.distribution, this.proposal, this.site);
  }
};
var GuidedDraw = class _GuidedDraw extends Frame {
  constructor(draw) {
    super();
    this.draw = draw;
  }
  draw;
  step(particle) {
    if (this.pc === 0) {
      this.pc = 1;
      return particle.call(this.draw);
    }
    particle.guide.tell(particle.value);
    return particle.return(particle.value);
  }
  copy() {
    return new _GuidedDraw(this.draw);
  }
};

// ../runtime/src/machine/guide.ts
var Guide = class _Guide {
  constructor(program, sites) {
    this.program = program;
    this.sites = sites;
  }
  program;
  sites;
  drawn = null;
  ended = false;
  fork(random) {
    const twin = new _Guide(this.program.fork(random), this.sites);
    twin.drawn = this.drawn;
    twin.ended = this.ended;
    return twin;
  }
  /** Runs to the draw named `name`, if there is one. Call again after a `wait` once `answer` has been given. */
  ask(name) {
    if (!this.sites.has(name)) return { kind: "none" };
    const earlier = this.take(name);
    if (earlier !== null) return { kind: "drawn", value: earlier.value, distribution: earlier.distribution };
    while (!this.ended) {
      const op = this.program.advance();
      switch (op) {
        case Op.Done:
          this.ended = true;
          break;
        case Op.Request:
          return { kind: "wait", request: this.program.request };
        case Op.Sample: {
          const { distribution, site: site2 } = this.program;
          if (site2.name === name) return { kind: "propose", distribution };
          if (distribution.kind === "process") {
            throw new RunError(
              "PGLR003",
              `The proposal draws \`${site2.name}\`, a text, before the model does; it must come in the model's order.`,
              { site: site2 }
            );
          }
          const value = distribution.sample(this.program.random);
          this.drawn = { name: site2.name, value, distribution, next: this.drawn };
          this.program.value = value;
          break;
        }
        case Op.Step:
          break;
        default:
          throw new RunError("PGLR004", "A proposal may draw, but not observe, weigh or twist.", {
            site: this.program.site ?? void 0
          });
      }
    }
    return { kind: "none" };
  }
  /** The value drawn at the site last proposed for. */
  tell(value) {
    this.program.value = value;
  }
  /** The answer to the request that `ask` waited for. */
  answer(value) {
    this.program.value = value;
  }
  take(name) {
    let found = null;
    for (let node = this.drawn; node !== null; node = node.next) if (node.name === name) found = node;
    if (found === null) return null;
    const without = (node) => node === null ? null : node === found ? node.next : { ...node, next: without(node.next) };
    this.drawn = without(this.drawn);
    return found;
  }
};

// ../runtime/src/machine/observe.ts
var ObserveFrame = class _ObserveFrame extends Frame {
  constructor(process2, observed, site2) {
    super();
    this.process = process2;
    this.observed = observed;
    this.site = site2;
  }
  process;
  observed;
  site;
  step(particle) {
    switch (this.pc++) {
      case 0:
        return particle.call(this.process.logDensity(this.observed));
      case 1:
        return particle.factor(particle.value, this.site);
      default:
        return particle.return(void 0);
    }
  }
  copy() {
    return new _ObserveFrame(this.process, this.observed, this.site);
  }
};

// ../runtime/src/machine/trace.ts
var TraceNode = class {
  constructor(site2, value, density, previous) {
    this.site = site2;
    this.value = value;
    this.density = density;
    this.previous = previous;
  }
  site;
  value;
  density;
  previous;
  /** Log-density of the value under the distribution it was drawn for (nats). */
  get logDensity() {
    return typeof this.density === "number" ? this.density : this.density.logDensity(this.value);
  }
};
function listTrace(newest) {
  const draws = [];
  for (let node = newest; node !== null; node = node.previous) {
    draws.push({ site: node.site, value: node.value, logDensity: node.logDensity });
  }
  return draws.reverse();
}

// ../runtime/src/machine/particle.ts
var Particle = class _Particle {
  constructor(frame, random, environment, weights = new Float64Array(2), place = 0) {
    this.random = random;
    this.environment = environment;
    this.weights = weights;
    this.place = place;
    this.frame = frame;
    this.limits = environment.limits ?? defaultLimits;
  }
  random;
  environment;
  weights;
  place;
  /** Top of the frame stack; null when the program has returned. */
  frame;
  /** The answer to the last operation, or the program's result. */
  value = void 0;
  /** The draws so far, the last one first. */
  trace = null;
  /** A whole-trace proposal running beside this program, if the method was given one. */
  guide = null;
  // Registers: operands of the operation last returned by `step`.
  distribution = null;
  proposal = null;
  site = null;
  increment = 0;
  request = null;
  /** How often a frame has been run, for `max_operations`. */
  operations = 0;
  limits;
  /** log of the target weight: Σ factors + Σ (log density − log proposal density), in nats. Twists are not in it. */
  get logWeight() {
    return this.weights[this.place];
  }
  set logWeight(weight) {
    this.weights[this.place] = weight;
  }
  /** The running twist log ψ, in nats; zero when the program ends. */
  get logTwist() {
    return this.weights[this.place + 1];
  }
  set logTwist(twist) {
    this.weights[this.place + 1] = twist;
  }
  // What emitted code calls: `this.pc = k; return particle.sample(d, SITE);`
  sample(distribution, site2, proposal = null) {
    this.distribution = distribution;
    this.proposal = proposal;
    this.site = site2;
    return Op.Sample;
  }
  /** A factor of `weight` nats. `-Infinity` ends the particle. The machine rejects NaN and `+Infinity`. */
  factor(weight, site2) {
    this.increment = weight;
    this.site = site2;
    return Op.Weight;
  }
  condition(holds, site2) {
    this.increment = holds ? 0 : -Infinity;
    this.site = site2;
    return Op.Weight;
  }
  /** Weighs by the density of `value` under `distribution`; a process scores with frames of its own. */
  observe(distribution, value, site2) {
    if (distribution.kind === "process") return this.call(new ObserveFrame(distribution, value, site2));
    this.increment = distribution.logDensity(value);
    this.site = site2;
    return Op.Weight;
  }
  twist(weight, site2) {
    this.increment = weight;
    this.site = site2;
    return Op.Twist;
  }
  step(site2) {
    this.site = site2;
    return Op.Step;
  }
  ask(request, site2) {
    this.request = request;
    this.site = site2;
    return Op.Request;
  }
  /** Records a draw; one made in parts (a text span) under its own site, with its log-density in nats. */
  record(site2, value, density) {
    this.trace = new TraceNode(site2, value, density, this.trace);
  }
  /**
   * Enters `frame`; its result is in `value` when the caller goes on.
   * @throws RunError PGLR060 beyond `max_recursion` frames.
   */
  call(frame) {
    const caller = this.frame;
    frame.parent = caller;
    if (caller !== null && (frame.depth = caller.depth + 1) > this.limits.max_recursion) this.tooDeep();
    this.frame = frame;
    return Op.Continue;
  }
  /** Leaves the current frame with a result. */
  return(value) {
    this.value = value;
    const parent = this.frame.parent;
    if (parent === null) {
      this.frame = null;
      return Op.Done;
    }
    this.frame = parent;
    return Op.Continue;
  }
  /** An independent particle with the same state; this one stays usable. It draws from `random`. */
  fork(random) {
    const twin = new _Particle(null, random, this.environment);
    twin.become(this);
    return twin;
  }
  /** Takes over the state of `other`, which stays usable; only the stream of randomness remains this particle's own. */
  become(other2) {
    this.frame = other2.frame === null ? null : other2.frame.twin();
    this.value = other2.value;
    this.logWeight = other2.logWeight;
    this.logTwist = other2.logTwist;
    this.trace = other2.trace;
    this.guide = other2.guide === null ? null : other2.guide.fork(this.random);
    this.distribution = other2.distribution;
    this.proposal = other2.proposal;
    this.site = other2.site;
    this.increment = other2.increment;
    this.request = other2.request;
    this.operations = other2.operations;
  }
  /**
   * Runs frames until the machine is needed. The only place where a shared frame is made writable.
   * @throws RunError PGLR061 beyond `max_operations` runs of a frame.
   */
  advance() {
    for (; ; ) {
      const frame = this.frame;
      const writable = frame.shared ? this.frame = frame.owned() : frame;
      if (++this.operations > this.limits.max_operations) this.tooLong();
      const op = writable.step(this);
      if (op !== Op.Continue) return op;
    }
  }
  tooDeep() {
    throw new RunError("PGLR060", `Calls are nested more than ${this.limits.max_recursion} deep.`, {
      site: this.site ?? void 0,
      hint: "Is there a case that ends the recursion? The limit is `max_recursion`."
    });
  }
  tooLong() {
    throw new RunError("PGLR061", `An execution has taken more than ${this.limits.max_operations} operations.`, {
      site: this.site ?? void 0,
      hint: "Does a loop of the program never end? The limit is `max_operations`."
    });
  }
};

// ../runtime/src/inference/blocks/located.ts
function located(error, particle, step) {
  if (error instanceof Error && Object.isExtensible(error)) {
    const details = error;
    if (details.site === void 0 && particle.site !== null) details.site = particle.site;
    if (details.step === void 0 && step !== void 0) details.step = step;
  }
  return error;
}

// ../runtime/src/inference/blocks/population.ts
var MAX_ROUNDS = 65536;
var ROUNDING = 1e-12;
var Population = class _Population {
  constructor(particles, weights, environment) {
    this.weights = weights;
    this.environment = environment;
    this.particles = particles;
    this.status = new Uint8Array(particles.length);
    this.eve = Int32Array.from(particles, (_, i) => i);
    this.settled = new Float64Array(particles.length);
  }
  weights;
  environment;
  particles;
  status;
  /** The slot of the first generation each particle descends from. */
  eve;
  step = 0;
  lastDeath = null;
  /** Steering weights after the last resampling: news is what differs from them. */
  settled;
  /** Block `spawn`: N fresh copies of the program, each of weight one in the average. */
  static spawn(program, count4, environment, random, proposal) {
    const sites = proposal === void 0 ? null : new Set(proposal.sites.filter((s) => s.kind === "sample").map((s) => s.name));
    const weights = new Float64Array(2 * count4);
    const particles = Array.from({ length: count4 }, (_, i) => {
      const stream = random.split(i);
      const particle = new Particle(program.start(), stream, environment, weights, 2 * i);
      if (proposal !== void 0) {
        const guide = new Particle(proposal.start(...program.arguments), stream, environment);
        particle.guide = new Guide(guide, sites);
      }
      return particle;
    });
    return new _Population(particles, weights, environment);
  }
  get size() {
    return this.particles.length;
  }
  count(status) {
    const { status: all } = this;
    let n = 0;
    for (let i = 0; i < all.length; i++) if (all[i] === status) n++;
    return n;
  }
  /** True when no particle can go on. */
  get finished() {
    const { status } = this;
    for (let i = 0; i < status.length; i++) if (status[i] < Status.Done) return false;
    return true;
  }
  /**
   * Block `advance`: every particle that can goes on to its next weight, twist or step, or to its end. What they wait
   * for is answered in batches. Finished particles are not touched: their later increments are exactly one. Dead ones are
   * not run on.
   *
   * @returns a promise only when an answer is not there at once.
   */
  advance() {
    this.step++;
    return this.goOn(this.runAll(), 0);
  }
  goOn(slots, round2) {
    let waiting = slots;
    while (waiting.length > 0) {
      const pending = answerRequests(
        waiting.map((slot) => this.particles[slot]),
        this.environment,
        this.step * MAX_ROUNDS + round2++
      );
      if (pending !== void 0) return pending.then(() => this.goOn(this.runThese(waiting), round2));
      waiting = this.runThese(waiting);
    }
  }
  runAll() {
    const waiting = [];
    const { status } = this;
    for (let slot = 0; slot < status.length; slot++) {
      if (status[slot] < Status.Done && this.runOne(slot) === Status.Waiting) waiting.push(slot);
    }
    return waiting;
  }
  runThese(slots) {
    return slots.filter((slot) => this.runOne(slot) === Status.Waiting);
  }
  runOne(slot) {
    const particle = this.particles[slot];
    try {
      const status = runToCheckpoint(particle);
      this.status[slot] = status;
      if (status === Status.Dead) this.lastDeath = { site: particle.site, step: this.step };
      return status;
    } catch (error) {
      throw located(error, particle, this.step);
    }
  }
  /** The log-weights that say which particles deserve to go on: target weight times running twist. */
  steeringWeights() {
    const { weights } = this;
    const steering = new Float64Array(this.size);
    for (let i = 0; i < steering.length; i++) steering[i] = weights[2 * i] + weights[2 * i + 1];
    return steering;
  }
  /** The target's log-weights: what log Z and the posterior are made of. */
  logWeights() {
    const { weights } = this;
    const target2 = new Float64Array(this.size);
    for (let i = 0; i < target2.length; i++) target2[i] = weights[2 * i];
    return new LogWeights(target2);
  }
  /**
   * The slots that resampling may fill anew: all but those of particles whose twist is zero and whose target weight is
   * not. See `resample`.
   */
  openSlots(steering) {
    let open = 0;
    for (let i = 0; i < steering.length; i++) if (!this.isHeld(steering, i)) open++;
    return open;
  }
  /** True when the steering weights say something that they did not say after the last resampling. */
  hasNews(steering) {
    const { settled } = this;
    let common = NaN;
    for (let i = 0; i < steering.length; i++) {
      const now = steering[i];
      const before = settled[i];
      if (now === -Infinity && before === -Infinity) continue;
      const increment = now - before;
      if (Number.isNaN(common)) common = increment;
      else if (increment !== common && !(Math.abs(increment - common) <= ROUNDING * Math.max(1, Math.abs(now)))) return true;
    }
    return false;
  }
  /**
   * Block `resample`: ancestors drawn by the steering weights; each offspring's target weight is its share divided by
   * its twist, so that the measure is the same in expectation and no twist stays in it. An ancestor's first offspring
   * stays in the ancestor's slot; the others take the slots of those that have none.
   *
   * A twist of `-Infinity` on a particle that the target has not ruled out cannot be divided out again: such particles are
   * held aside, with their weights, in their slots, and the others are resampled among the rest. So no twist removes an
   * execution or changes what the answer converges to; only `condition` and `factor` do. A warning says that it happened.
   */
  resample(scheme, steering, random) {
    const { particles, status, eve, weights: kept } = this;
    const slots = this.slotsToFill(steering);
    const n = slots === null ? particles.length : slots.length;
    const weights = new LogWeights(slots === null ? steering : slots.map((slot) => steering[slot]));
    const { ancestors, logWeights } = scheme.resample(weights, n, random);
    const offspring2 = new Int32Array(n);
    for (let j = 0; j < n; j++) offspring2[ancestors[j]]++;
    let free = 0;
    for (let j = 0; j < n; j++) {
      const a = ancestors[j];
      const ancestor = slots === null ? a : slots[a];
      const source = particles[ancestor];
      let slot = ancestor;
      if (offspring2[a] > 0) {
        offspring2[a] = -1;
      } else {
        while (offspring2[free] !== 0) free++;
        slot = slots === null ? free : slots[free];
        free++;
        particles[slot].become(source);
        status[slot] = status[ancestor];
        eve[slot] = eve[ancestor];
      }
      kept[2 * slot] = logWeights[j] - kept[2 * slot + 1];
    }
    for (let i = 0; i < particles.length; i++) this.settled[i] = kept[2 * i] + kept[2 * i + 1];
  }
  /** Null when all are. */
  slotsToFill(steering) {
    const open = this.openSlots(steering);
    if (open === steering.length) return null;
    const slots = new Int32Array(open);
    for (let i = 0, k = 0; i < steering.length; i++) {
      if (!this.isHeld(steering, i)) {
        slots[k++] = i;
        continue;
      }
      const { site: site2 } = this.particles[i];
      this.environment.warn({
        code: "PGLW002",
        message: "A twist of -Infinity rules nothing out: the execution keeps its weight and its place. To rule it out, use `condition` or `factor`.",
        site: site2 ?? void 0
      });
    }
    return slots;
  }
  isHeld(steering, slot) {
    return steering[slot] === -Infinity && this.weights[2 * slot] > -Infinity;
  }
};

// ../runtime/src/inference/options.ts
function complete(method, options, defaults, optional = []) {
  const known = [...Object.keys(defaults), ...optional];
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new MethodError("PGLR034", `${method} has no option \`${name}\`.`, { hint: `It has ${known.join(", ")}.` });
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== void 0));
  return { ...defaults, ...given };
}
function checkCount(method, option, value) {
  if (!Number.isSafeInteger(value) || value < 1) throw refused(method, option, "a positive whole number", value);
}
function refused(method, option, wanted, value) {
  return new MethodError("PGLR030", `${method}: \`${option}\` must be ${wanted}, not ${typeof value === "string" ? JSON.stringify(value) : String(value)}.`);
}

// ../runtime/src/values.ts
var equalsSymbol = /* @__PURE__ */ Symbol.for("pgl.equals");
var keySymbol = /* @__PURE__ */ Symbol.for("pgl.key");
var showSymbol = /* @__PURE__ */ Symbol.for("pgl.show");
var jsonSymbol = /* @__PURE__ */ Symbol.for("pgl.json");
var plusSymbol = /* @__PURE__ */ Symbol.for("pgl.plus");
var textSymbol = /* @__PURE__ */ Symbol.for("pgl.text");
var hooksOf = (value) => value;
function isRecord(value) {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
var ValueMap = class _ValueMap {
  constructor(table) {
    this.table = table;
  }
  table;
  static empty = new _ValueMap(/* @__PURE__ */ new Map());
  /** Of equal keys the last value counts, at the place of the first. */
  static from(entries) {
    const table = /* @__PURE__ */ new Map();
    for (const [key, value] of entries) insert(table, key, value);
    return new _ValueMap(table);
  }
  get size() {
    return this.table.size;
  }
  /** The value of `key`, or undefined; `has` tells a unit value from a missing one. */
  get(key) {
    return this.table.get(hashKey(key))?.[1];
  }
  has(key) {
    return this.table.has(hashKey(key));
  }
  /** A map with this entry. Costs O(size). */
  put(key, value) {
    const table = new Map(this.table);
    insert(table, key, value);
    return new _ValueMap(table);
  }
  /** A map without this key. Costs O(size). */
  remove(key) {
    const table = new Map(this.table);
    return table.delete(hashKey(key)) ? new _ValueMap(table) : this;
  }
  keys() {
    return Array.from(this.table.values(), (entry) => entry[0]);
  }
  values() {
    return Array.from(this.table.values(), (entry) => entry[1]);
  }
  entries() {
    return [...this.table.values()];
  }
  [Symbol.iterator]() {
    return this.table.values();
  }
  [equalsSymbol](other2) {
    if (!(other2 instanceof _ValueMap) || other2.size !== this.size) return false;
    for (const [key, [, value]] of this.table) {
      const theirs = other2.table.get(key);
      if (theirs === void 0 || !equal(value, theirs[1])) return false;
    }
    return true;
  }
  [keySymbol]() {
    const entries = Array.from(this.table.values(), ([key, value]) => `${encode(key)}:${encode(value)}`);
    return `map{${entries.sort().join(",")}}`;
  }
  [showSymbol]() {
    if (this.size === 0) return "map {}";
    return `map { ${this.entries().map(([key, value]) => `${show(key)}: ${show(value)}`).join(", ")} }`;
  }
  /** An object when every key is a string, else a list of pairs. */
  [jsonSymbol]() {
    const entries = this.entries().map(([key, value]) => [toJson(key), toJson(value)]);
    const named = entries.every(([key]) => typeof key === "string") && this.keys().every((k) => typeof k === "string");
    return named ? Object.fromEntries(entries) : entries;
  }
};
function insert(table, key, value) {
  const id = hashKey(key);
  const known = table.get(id);
  table.set(id, known === void 0 ? [key, value] : [known[0], value]);
}
function equal(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i])) return false;
    return true;
  }
  const hook = hooksOf(a)[equalsSymbol];
  if (hook !== void 0) return hook.call(a, b);
  if (!isRecord(a) || !isRecord(b) || hooksOf(b)[equalsSymbol] !== void 0) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!Object.hasOwn(b, name) || !equal(a[name], b[name])) return false;
  return true;
}
function hashKey(value) {
  if (typeof value === "string") return `"${value}`;
  return encode(value);
}
function encode(value) {
  switch (typeof value) {
    case "number":
      return value === 0 ? "0" : String(value);
    case "string":
      return `"${value.length}:${value}`;
    case "boolean":
      return value ? "T" : "F";
    case "undefined":
      return "U";
    case "object":
      return value === null ? "_" : encodeObject(value);
    case "function":
      return identity(value);
    case "bigint":
      return `${value}n`;
    default:
      return `$${String(value).length}:${String(value)}`;
  }
}
function encodeObject(value) {
  if (Array.isArray(value)) {
    let key2 = "[";
    for (let i = 0; i < value.length; i++) key2 += encode(value[i]) + ",";
    return key2 + "]";
  }
  const hook = hooksOf(value)[keySymbol];
  if (hook !== void 0) {
    const own = hook.call(value);
    return `@${own.length}:${own}`;
  }
  if (!isRecord(value)) return identity(value);
  let key = "{";
  for (const name of Object.keys(value).sort()) key += `${name.length}:${name}=${encode(value[name])},`;
  return key + "}";
}
var identities = /* @__PURE__ */ new WeakMap();
var identitiesGiven = 0;
function identity(value) {
  let id = identities.get(value);
  if (id === void 0) identities.set(value, id = `#${identitiesGiven++};`);
  return id;
}
function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") {
    if (a < b) return -1;
    if (a > b) return 1;
    if (a === b) return 0;
    return Number.isNaN(a) ? Number.isNaN(b) ? 0 : 1 : -1;
  }
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    const shorter = Math.min(a.length, b.length);
    for (let i = 0; i < shorter; i++) {
      const order = compare(a[i], b[i]);
      if (order !== 0) return order;
    }
    return Math.sign(a.length - b.length);
  }
  throw new RunError("PGLR041", `${kindOf(a, true)} and ${kindOf(b)} have no order between them.`, {
    hint: "Numbers, strings, booleans, and lists of these can be compared; use sort_by with a key for others."
  });
}
function show(value) {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return value === Infinity ? "inf" : value === -Infinity ? "-inf" : String(value);
    case "undefined":
      return "()";
    case "function":
      return value.name === "" ? "<function>" : `<function ${value.name}>`;
    case "object":
      return value === null ? "none" : showObject(value);
    default:
      return String(value);
  }
}
function showObject(value) {
  const parts = [];
  if (Array.isArray(value)) {
    for (const element2 of value) parts.push(show(element2));
    return `[${parts.join(", ")}]`;
  }
  const hook = hooksOf(value)[showSymbol];
  if (hook !== void 0) return hook.call(value);
  if (isRecord(value)) {
    if (isClosure(value)) return "<function>";
    if (isModel(value)) return `<model ${String(value.name)}>`;
    for (const name of Object.keys(value)) parts.push(`${fieldName(name)}: ${show(value[name])}`);
    return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
  }
  return Object.prototype.toString === value.toString ? `<${value.constructor?.name ?? "object"}>` : String(value);
}
var isClosure = (value) => value.kind === "closure" && typeof value.enter === "function";
var isModel = (value) => value.kind === "model" && typeof value.start === "function";
var fieldName = (name) => /^[A-Za-z_]\w*$/.test(name) ? name : quote(name);
var quote = (value) => JSON.stringify(value).replaceAll("${", "\\${");
function text(value) {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    const hook = hooksOf(value)[textSymbol];
    if (hook !== void 0) return hook.call(value);
  }
  return show(value);
}
function toJson(value) {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value === 0 ? 0 : value;
      return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
    case "undefined":
      return null;
    case "object":
      return value === null ? null : objectToJson(value);
    default:
      return show(value);
  }
}
function objectToJson(value) {
  if (Array.isArray(value)) {
    const elements = [];
    for (const element2 of value) elements.push(toJson(element2));
    return elements;
  }
  const hook = hooksOf(value)[jsonSymbol];
  if (hook !== void 0) return hook.call(value);
  const own = value.toJSON;
  if (typeof own === "function") return own.call(value);
  if (!isRecord(value) || isClosure(value) || isModel(value)) return show(value);
  const fields = [];
  for (const name of Object.keys(value)) fields.push([name, toJson(value[name])]);
  return Object.fromEntries(fields);
}
function kindOf(value, capital = false) {
  const kind = plainKind(value);
  return capital ? kind[0].toUpperCase() + kind.slice(1) : kind;
}
function plainKind(value) {
  switch (typeof value) {
    case "number":
      return "a number";
    case "string":
      return "a string";
    case "boolean":
      return "a boolean";
    case "undefined":
      return "the unit value";
    case "function":
      return "a function";
    case "object":
      break;
    default:
      return `a ${typeof value}`;
  }
  if (value === null) return "none";
  if (Array.isArray(value)) return "a list";
  if (value instanceof ValueMap) return "a map";
  const kind = value.kind;
  if (kind === "distribution" || kind === "process") return "a distribution";
  if (isRecord(value)) return isClosure(value) ? "a function" : isModel(value) ? "a model" : "a record";
  const name = value.constructor?.name ?? "object";
  return `a ${name.toLowerCase()}`;
}

// ../runtime/src/inference/posterior.ts
var Posterior = class {
  /** @param random what `sample()` draws from when it is given nothing. */
  constructor(samples, logZ, diagnostics, method, random = null) {
    this.samples = samples;
    this.logZ = logZ;
    this.diagnostics = diagnostics;
    this.method = method;
    this.random = random;
  }
  samples;
  logZ;
  diagnostics;
  method;
  random;
  kind = "distribution";
  name = "posterior";
  found = null;
  /** The values with their probabilities, the heaviest first; equally heavy ones in the order of values. */
  get atoms() {
    return this.merged.atoms;
  }
  /** True when nothing has positive weight: the program's condition was never met. */
  get isEmpty() {
    return this.atoms.length === 0;
  }
  /** The heaviest value. @throws MethodError when the posterior is empty. */
  mode() {
    return this.atLeastOne()[0].value;
  }
  /** Expectation of `f` (by default the value itself, as a number; booleans count as 0 and 1). */
  mean(f = asNumber) {
    let sum2 = 0;
    for (const { value, weight } of this.atLeastOne()) sum2 += weight * f(value);
    return sum2;
  }
  variance(f = asNumber) {
    const mean2 = this.mean(f);
    let sum2 = 0;
    for (const { value, weight } of this.atoms) sum2 += weight * (f(value) - mean2) ** 2;
    return sum2;
  }
  /** Posterior probability that `predicate` holds. */
  probability(predicate) {
    let sum2 = 0;
    for (const { value, weight } of this.atLeastOne()) if (predicate(value)) sum2 += weight;
    return Math.min(1, sum2);
  }
  /** The smallest value whose cumulative probability reaches `q` in [0, 1]. */
  quantile(q, f = asNumber) {
    if (!(q >= 0 && q <= 1)) throw new MethodError("PGLR020", `A quantile's level is between 0 and 1, not ${q}.`);
    const sorted = this.atLeastOne().map(({ value, weight }) => ({ x: f(value), weight })).sort((a, b) => a.x - b.x);
    let sum2 = 0;
    for (const { x, weight } of sorted) if ((sum2 += weight) >= q - 1e-12) return x;
    return sorted[sorted.length - 1].x;
  }
  /** Shannon entropy in nats. */
  entropy() {
    let sum2 = 0;
    for (const { weight } of this.atLeastOne()) sum2 -= weight * Math.log(weight);
    return sum2;
  }
  logDensity(value) {
    const { index, weights } = this.merged;
    const at2 = index.get(hashKey(value));
    return at2 === void 0 ? -Infinity : Math.log(weights[at2]);
  }
  /**
   * Draws a value. Without `random`, from a stream of the posterior's own: the same run and the same calls give the same
   * draws.
   */
  sample(random = this.random) {
    const atoms = this.atLeastOne();
    if (random === null) {
      throw new MethodError("PGLR023", "This posterior has no randomness of its own.", { hint: "Pass one: sample(seeded(1))." });
    }
    const { weights, totals } = this.merged;
    if (atoms.length <= SCAN_LIMIT) return atoms[random.categorical(weights)].value;
    const total = totals[totals.length - 1];
    const point = random.uniformAmong(() => totals.map((t) => t / total).subarray(0, totals.length - 1)) * total;
    let low2 = 0;
    let high2 = totals.length - 1;
    while (low2 < high2) {
      const middle = low2 + high2 >> 1;
      if (totals[middle] <= point) low2 = middle + 1;
      else high2 = middle;
    }
    return atoms[low2].value;
  }
  get support() {
    const { atoms, weights } = this.merged;
    return { kind: "finite", values: atoms.map((a) => a.value), probabilities: weights };
  }
  /** The draws of each execution, oldest first, beside its value and weight. */
  traces() {
    return this.samples.map(({ value, weight, trace }) => ({ value, weight, draws: listTrace(trace) }));
  }
  /** The fields of `pgl run --json` that a posterior knows; the command adds query, arguments, seed, time and calls. */
  toJSON() {
    return {
      method: { name: this.method.name, guarantee: this.method.guarantee, ...toJson(this.method.options) },
      logZ: { estimate: toJson(this.logZ.estimate), stderr: this.logZ.stderr, exact: this.logZ.exact },
      ess: this.diagnostics.ess,
      posterior: this.atoms.map(({ value, weight }) => ({ value: toJson(value), weight })),
      partial: this.diagnostics.partial,
      warnings: this.diagnostics.warnings.map(({ code, message, site: site2 }) => ({
        code,
        message,
        span: site2 === void 0 ? null : { file: site2.file, start: site2.start, end: site2.end, line: site2.line, column: site2.column }
      }))
    };
  }
  /** A weighted table, as consoles show it. */
  toString() {
    const rows = this.atoms.slice(0, 10).map(({ value, weight }) => `${weight.toFixed(4)}  ${show(value)}`);
    if (this.atoms.length > 10) rows.push(`\u2026 ${this.atoms.length - 10} more`);
    return rows.join("\n");
  }
  get merged() {
    return this.found ??= merge(this.samples);
  }
  atLeastOne() {
    if (this.isEmpty) {
      throw new MethodError("PGLR021", "The posterior is empty: every execution had weight zero.", {
        hint: "The condition may be impossible, or too rare for this many executions."
      });
    }
    return this.atoms;
  }
};
var SCAN_LIMIT = 16;
function merge(samples) {
  const byKey = /* @__PURE__ */ new Map();
  for (const { value, weight } of samples) {
    if (!(weight > 0)) continue;
    const key = hashKey(value);
    const known = byKey.get(key);
    if (known === void 0) byKey.set(key, { value, weight });
    else known.weight += weight;
  }
  const entries = [...byKey].sort(([, a], [, b]) => b.weight - a.weight || compareForOrder(a.value, b.value));
  const weights = Float64Array.from(entries, ([, atom]) => atom.weight);
  let total = 0;
  return {
    atoms: entries.map(([, atom]) => Object.freeze(atom)),
    index: new Map(entries.map(([key], i) => [key, i])),
    weights,
    totals: weights.map((w) => total += w)
  };
}
function compareForOrder(a, b) {
  try {
    return compare(a, b);
  } catch {
    return 0;
  }
}
function asNumber(value) {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  throw new MethodError("PGLR022", `${show(value)} is not a number; pass a function that makes one of it.`);
}

// ../runtime/src/inference/methods/smc.ts
function* steps(population, settings, environment) {
  const scheme = schemeNamed("smc", settings.resampler);
  const choices = environment.random.split(2);
  while (!population.finished) {
    const pending = population.advance();
    if (pending !== void 0) yield pending;
    const steering = population.steeringWeights();
    const ess = new LogWeights(steering).ess();
    const due = isDue(population, steering, ess, settings.ess);
    if (due) population.resample(scheme, steering, choices.split(population.step));
    yield {
      step: population.step,
      ess,
      logZ: population.logWeights().logMean(),
      alive: population.size - population.count(Status.Dead),
      resampled: due,
      population
    };
  }
}
function isDue(population, steering, ess, threshold2) {
  if (threshold2 === 0 || ess === 0 || population.finished) return false;
  if (threshold2 < 1 && ess >= threshold2 * population.openSlots(steering)) return false;
  return population.hasNews(steering);
}
function spawn(program, settings, environment) {
  return Population.spawn(program, settings.particles, environment, environment.random.split(1), settings.proposal);
}
function smc(options = {}) {
  const settings = checked(options);
  return {
    name: "smc",
    guarantee: "unbiased",
    options: describe(settings),
    run: (program, environment, run) => runPopulation("smc", describe(settings), program, settings, environment, run)
  };
}
function importance(options = {}) {
  const { samples, proposal } = complete(
    "importance",
    options,
    { samples: 1e3 },
    ["proposal"]
  );
  checkCount("importance", "samples", samples);
  const settings = { particles: samples, resampler: "systematic", ess: 0, proposal };
  const described = describe({ samples, proposal });
  return {
    name: "importance",
    guarantee: "unbiased",
    options: described,
    run: (program, environment, run) => runPopulation("importance", described, program, settings, environment, run)
  };
}
async function runPopulation(name, described, program, settings, environment, { onProgress, onStep } = {}) {
  const population = spawn(program, settings, environment);
  const history = [];
  const stop = await drive(steps(population, settings, environment), environment, (step) => {
    const { step: index, ess, logZ, alive, resampled } = step;
    history.push({ step: index, ess, logZ, alive, resampled });
    onStep?.(step);
    onProgress?.({ method: name, step: index, total: null, alive, finished: population.count(Status.Done), ess, logZ });
  });
  return collect({ name, guarantee: "unbiased", options: described }, population, history, stop, environment);
}
function collect(method, population, history, stop, environment) {
  const logWeights = population.logWeights();
  const weights = logWeights.normalized();
  const alive = logWeights.max() > -Infinity;
  const ess = logWeights.ess();
  const finished = population.count(Status.Done);
  if (!alive) warnOfDeath(population, environment);
  else if (stop === null) warnOfFew(ess, population.size, environment);
  if (stop !== null) {
    warnOfStop(
      environment,
      stop,
      `${finished} of ${population.size} executions had finished; the posterior is about those only, and log Z counts the factors met so far.`
    );
  }
  const samples = [];
  let covered = 0;
  for (let i = 0; i < population.size; i++) if (population.status[i] === Status.Done) covered += weights[i];
  for (let i = 0; i < population.size; i++) {
    if (population.status[i] !== Status.Done) continue;
    const { value, trace } = population.particles[i];
    samples.push({ value, weight: covered > 0 ? stop === null ? weights[i] : weights[i] / covered : 0, trace });
  }
  const resamplings = history.filter((entry) => entry.resampled).length;
  return new Posterior(
    samples,
    {
      estimate: logWeights.logMean(),
      stderr: alive && stop === null ? logEvidenceError(weights, population.eve, resamplings) : null,
      exact: false
    },
    {
      ess: stop === null ? ess : essOf(samples),
      history,
      distinctAncestors: distinctAncestors(population),
      unvisitedMass: 0,
      executions: population.size,
      partial: stop !== null,
      warnings: warningsOf(environment)
    },
    method,
    environment.random.split(3)
  );
}
function warnOfDeath(population, environment) {
  if (population.lastDeath === null) return;
  const { site: site2, step } = population.lastDeath;
  environment.warn({
    code: "PGLW003",
    message: `Every execution had weight zero. The last one ended at ${site2 === null ? "the program's end" : showSite(site2)}, step ${step}.`,
    site: site2 ?? void 0
  });
}
function warnOfFew(ess, size, environment) {
  if (size < 10 || ess >= Math.max(2, size / 50)) return;
  environment.warn({
    code: "PGLW004",
    message: `The effective sample size is ${ess.toFixed(1)} of ${size}: few executions carry all the weight. More particles, a proposal or a twist would help.`
  });
}
function distinctAncestors(population) {
  const seen = new Uint8Array(population.size);
  let distinct = 0;
  for (let i = 0; i < population.size; i++) {
    const root = population.eve[i];
    if (population.status[i] === Status.Dead || seen[root] === 1) continue;
    seen[root] = 1;
    distinct++;
  }
  return distinct;
}
function essOf(samples) {
  let squares = 0;
  for (const { weight } of samples) squares += weight * weight;
  return squares === 0 ? 0 : 1 / squares;
}
function checked(options) {
  const settings = complete("smc", options, { particles: 100, resampler: "systematic", ess: 0.5 }, ["proposal"]);
  checkCount("smc", "particles", settings.particles);
  if (!(settings.ess >= 0 && settings.ess <= 1)) {
    throw refused("smc", "ess", "a share of the particles between 0 and 1", settings.ess);
  }
  schemeNamed("smc", settings.resampler);
  return settings;
}
function schemeNamed(method, name) {
  if (Object.hasOwn(resamplers, name)) return resamplers[name];
  throw refused(method, "resampler", `one of ${Object.keys(resamplers).join(", ")}`, name);
}
function describe(options) {
  return Object.fromEntries(
    Object.entries(options).filter(([, v]) => v !== void 0).map(([k, v]) => [k, k === "proposal" ? v.name : v])
  );
}

// ../runtime/src/inference/blocks/best-first.ts
var BestFirst = class {
  items = [];
  priorities = [];
  order = [];
  pushed = 0;
  get size() {
    return this.items.length;
  }
  *[Symbol.iterator]() {
    yield* this.items;
  }
  push(item, priority) {
    let at2 = this.items.length;
    const order = this.pushed++;
    this.items.push(item);
    this.priorities.push(priority);
    this.order.push(order);
    while (at2 > 0) {
      const up = at2 - 1 >> 1;
      if (!this.before(priority, order, up)) break;
      this.move(up, at2);
      at2 = up;
    }
    this.put(at2, item, priority, order);
  }
  pop() {
    const top = this.items[0];
    const item = this.items.pop();
    const priority = this.priorities.pop();
    const order = this.order.pop();
    const n = this.items.length;
    if (n === 0) return top;
    let at2 = 0;
    for (; ; ) {
      let child = 2 * at2 + 1;
      if (child >= n) break;
      if (child + 1 < n && this.before(this.priorities[child + 1], this.order[child + 1], child)) child++;
      if (this.before(priority, order, child)) break;
      this.move(child, at2);
      at2 = child;
    }
    this.put(at2, item, priority, order);
    return top;
  }
  before(priority, order, other2) {
    const theirs = this.priorities[other2];
    return priority > theirs || priority === theirs && order < this.order[other2];
  }
  move(from, to) {
    this.put(to, this.items[from], this.priorities[from], this.order[from]);
  }
  put(at2, item, priority, order) {
    this.items[at2] = item;
    this.priorities[at2] = priority;
    this.order[at2] = order;
  }
};

// ../runtime/src/inference/blocks/remaining.ts
var FiniteRemaining = class {
  constructor(support2) {
    this.support = support2;
    const { probabilities } = support2;
    const possible = [];
    for (let i = 0; i < probabilities.length; i++) if (probabilities[i] > 0) possible.push(i);
    this.order = Uint32Array.from(possible).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
    this.tail = new Float64Array(this.order.length + 1);
    for (let i = this.order.length - 1; i >= 0; i--) this.tail[i] = this.tail[i + 1] + probabilities[this.order[i]];
  }
  support;
  order;
  /** Probability of the values from the i-th on, added up from the least probable. */
  tail;
  at = 0;
  get mass() {
    return this.tail[this.at];
  }
  get logNext() {
    return this.at === this.order.length ? -Infinity : Math.log(this.support.probabilities[this.order[this.at]]);
  }
  take() {
    if (this.at === this.order.length) return null;
    const logProbability = this.logNext;
    return { value: this.support.values[this.order[this.at++]], logProbability };
  }
};
var ROUNDING2 = 1e-15;
var CountableRemaining = class {
  constructor(distribution, support2) {
    this.distribution = distribution;
    this.values = support2.values()[Symbol.iterator]();
  }
  distribution;
  values;
  left = 1;
  get mass() {
    return this.left;
  }
  get logNext() {
    return Math.log(this.left);
  }
  take() {
    if (this.left <= ROUNDING2) return null;
    const next = this.values.next();
    if (next.done === true) {
      this.left = 0;
      return null;
    }
    const logProbability = this.distribution.logDensity(next.value);
    this.left = Math.max(0, this.left - Math.exp(logProbability));
    return { value: next.value, logProbability };
  }
};

// ../runtime/src/inference/methods/enumerate.ts
function enumerate(options = {}) {
  const settings = complete("enumerate", options, { max_traces: 1e6, tolerance: 1e-12 });
  checkCount("enumerate", "max_traces", settings.max_traces);
  if (!(settings.tolerance >= 0 && settings.tolerance < 1)) {
    throw refused("enumerate", "tolerance", "a probability below 1", settings.tolerance);
  }
  return {
    name: "enumerate",
    guarantee: "exact",
    options: { ...settings },
    run: (program, environment, run) => runEnumerate(program, settings, environment, run)
  };
}
async function runEnumerate(program, settings, environment, { onProgress } = {}) {
  const search = new Search(program, settings, environment);
  const stop = await drive(search.run(), environment, (progress) => onProgress?.(progress));
  const { finished, lastDeath } = search;
  const unvisited = search.unvisitedMass();
  if (stop !== null) {
    warnOfStop(environment, stop, `Prior probability ${unvisited.toPrecision(3)} was not visited.`);
  } else if (unvisited > 1e-9) {
    environment.warn({
      code: "PGLW006",
      message: `Enumeration stopped after ${finished.length} executions with prior probability ${unvisited.toPrecision(3)} not visited.`
    });
  }
  const logZ = logSumExp(finished.map((f) => f.logWeight));
  if (logZ === -Infinity) {
    environment.warn({
      code: "PGLW003",
      message: `Every execution visited had weight zero${lastDeath === null ? "" : `; the last one ended at ${showSite(lastDeath)}`}.`,
      site: lastDeath ?? void 0
    });
  }
  let squares = 0;
  const samples = finished.map(({ value, logWeight, trace }) => {
    const weight = logZ === -Infinity ? 0 : Math.exp(logWeight - logZ);
    squares += weight * weight;
    return { value, weight, trace };
  });
  const exact = unvisited === 0;
  return new Posterior(
    samples,
    { estimate: logZ, stderr: exact ? 0 : null, exact },
    {
      ess: squares === 0 ? 0 : 1 / squares,
      history: [],
      distinctAncestors: null,
      unvisitedMass: unvisited,
      executions: search.ended,
      partial: stop !== null,
      warnings: warningsOf(environment)
    },
    { name: "enumerate", guarantee: exact ? "exact" : "approximate", options: { ...settings } },
    environment.random.split(3)
  );
}
var BATCH = 64;
var EAGER = 16;
var REPORT = 256;
var AT_LEAST = 1e3;
var Search = class {
  constructor(program, settings, environment) {
    this.settings = settings;
    this.environment = environment;
    this.add({ particle: new Particle(program.start(), environment.random, environment), logPrior: 0, rest: null });
  }
  settings;
  environment;
  finished = [];
  lastDeath = null;
  /** Executions that have come to their end, one way or the other. */
  ended = 0;
  frontier = new BestFirst();
  visited = 0;
  logZ = -Infinity;
  /** Prior probability of the ends of countable supports that rounding has cut off. */
  lost = 0;
  rounds = 0;
  *run() {
    const { frontier, finished, settings, environment } = this;
    const maxSteps = environment instanceof RunEnvironment ? environment.maxSteps : Infinity;
    let reported = 0;
    let checked2 = AT_LEAST;
    while (frontier.size > 0 && finished.length < settings.max_traces && frontier.size <= settings.max_traces) {
      if (settings.tolerance > 0 && this.visited >= checked2) {
        if (this.isNegligible()) break;
        checked2 = this.visited + Math.max(REPORT, frontier.size);
      }
      let waiting = [];
      do {
        const next = frontier.pop();
        if (this.explore(next)) waiting.push(next);
      } while (waiting.length > 0 && waiting.length < BATCH && frontier.size > 0);
      while (waiting.length > 0) {
        const tick = ++this.rounds;
        const pending = answerRequests(
          waiting.map((open) => open.particle),
          environment,
          tick,
          (_, i) => environment.random.split(tick).split(i)
        );
        if (pending !== void 0) yield pending;
        waiting = waiting.filter((open) => this.explore(open));
      }
      if (this.visited - reported >= REPORT || this.visited >= maxSteps) {
        reported = this.visited;
        yield this.progress();
      }
    }
    yield this.progress();
  }
  unvisitedMass() {
    let sum2 = this.lost;
    for (const open of this.frontier) sum2 += massOf(open);
    return sum2;
  }
  progress() {
    const { frontier, finished, visited, logZ } = this;
    return { method: "enumerate", step: visited, total: null, alive: frontier.size, finished: finished.length, ess: finished.length, logZ };
  }
  isNegligible() {
    const { tolerance } = this.settings;
    let prior = 0;
    const weights = [];
    for (const open of this.frontier) {
      prior += massOf(open);
      weights.push(open.particle.logWeight + (open.rest === null ? 0 : Math.log(open.rest.mass)));
    }
    return prior < tolerance && logSumExp(weights) < this.logZ + Math.log(tolerance);
  }
  add(open) {
    this.frontier.push(open, open.particle.logWeight + (open.rest === null ? 0 : open.rest.logNext));
  }
  /** Goes on with an execution to its next draw, and opens what that draw can become. True when it has to wait. */
  explore(open) {
    this.visited++;
    const { particle } = open;
    if (open.rest !== null) {
      this.takeNext(particle, open.logPrior, open.rest);
      return false;
    }
    switch (runOn(particle)) {
      case Status.Waiting:
        return true;
      case Status.Done:
        this.ended++;
        this.finished.push({ value: particle.value, logWeight: particle.logWeight, trace: particle.trace });
        this.logZ = logAddExp(this.logZ, particle.logWeight);
        return false;
      case Status.Dead:
        this.ended++;
        this.lastDeath = particle.site ?? this.lastDeath;
        return false;
      default:
        this.expand(particle, open.logPrior);
        return false;
    }
  }
  expand(particle, logPrior) {
    const distribution = particle.distribution;
    const support2 = distribution.support;
    if (support2.kind === "finite") {
      const rest = new FiniteRemaining(support2);
      if (support2.values.length <= EAGER) {
        for (let next = rest.take(); next !== null; ) {
          const after = rest.take();
          this.open(after === null ? particle : particle.fork(particle.random), next.value, next.logProbability, logPrior);
          next = after;
        }
      } else this.takeNext(particle, logPrior, rest);
    } else if (support2.kind === "countable") {
      this.takeNext(particle, logPrior, new CountableRemaining(distribution, support2));
    } else {
      const site2 = particle.site;
      throw new MethodError(
        "PGLR040",
        `enumerate cannot visit every value of ${distribution.name} at ${showSite(site2)}: it is continuous.`,
        { site: site2, hint: "Use importance or smc, or a discrete distribution." }
      );
    }
  }
  /** Takes the next value of a draw, and leaves the others for later. */
  takeNext(particle, logPrior, rest) {
    const next = rest.take();
    if (next === null) {
      this.lost += Math.exp(logPrior) * rest.mass;
      return;
    }
    if (rest.mass > 0) this.add({ particle: particle.fork(particle.random), logPrior, rest });
    this.open(particle, next.value, next.logProbability, logPrior);
  }
  open(particle, value, logProbability, logPrior) {
    if (logProbability === -Infinity) return;
    choose(particle, value);
    particle.logWeight += logProbability;
    this.add({ particle, logPrior: logPrior + logProbability, rest: null });
  }
};
var massOf = ({ logPrior, rest }) => Math.exp(logPrior) * (rest === null ? 1 : rest.mass);
function runOn(particle) {
  try {
    return runToChoice(particle);
  } catch (error) {
    throw located(error, particle);
  }
}

// ../runtime/src/inference/methods/rejection.ts
var BATCH2 = 64;
var ROUNDING3 = 1e-9;
function rejection(options = {}) {
  const settings = complete("rejection", options, { samples: 100, max_attempts: 1e6, bound: 0 });
  checkCount("rejection", "samples", settings.samples);
  checkCount("rejection", "max_attempts", settings.max_attempts);
  if (!Number.isFinite(settings.bound)) throw refused("rejection", "bound", "a finite number of nats", settings.bound);
  const guarantee = settings.samples > 1 ? "unbiased" : "consistent";
  return {
    name: "rejection",
    guarantee,
    options: { ...settings },
    run: (program, environment, run) => runRejection(program, settings, guarantee, environment, run)
  };
}
async function runRejection(program, settings, guarantee, environment, { onProgress } = {}) {
  const { samples, max_attempts, bound } = settings;
  const trial = new Trial(program, settings, environment);
  const stop = await drive(trial.run(), environment, (progress) => onProgress?.(progress));
  const { accepted, attempts, lastDeath } = trial;
  const k = accepted.length;
  if (stop !== null) warnOfStop(environment, stop, `${k} of ${samples} executions had been accepted in ${attempts} attempts.`);
  if (k === 0) {
    const place = lastDeath === null ? "" : `; the last one ended at ${showSite(lastDeath)}`;
    environment.warn({
      code: "PGLW003",
      message: `No execution was accepted in ${attempts} attempts${place}.`,
      site: lastDeath ?? void 0
    });
  } else if (k < samples && stop === null) {
    environment.warn({
      code: "PGLW005",
      message: `Only ${k} of ${samples} executions were accepted in ${max_attempts} attempts.`
    });
  }
  const rate = k === samples && attempts > k && k > 1 ? (k - 1) / (attempts - 1) : k / attempts;
  const values = accepted.map(({ value, trace }) => ({ value, trace, weight: 1 / k }));
  return new Posterior(
    values,
    {
      estimate: Math.log(rate) + bound,
      stderr: k < 2 ? null : Math.sqrt((1 - k / attempts) / k),
      exact: false
    },
    {
      ess: k,
      history: [],
      distinctAncestors: null,
      unvisitedMass: 0,
      executions: attempts,
      partial: stop !== null,
      warnings: warningsOf(environment)
    },
    { name: "rejection", guarantee, options: { ...settings } },
    environment.random.split(3)
  );
}
var Trial = class {
  constructor(program, settings, environment) {
    this.program = program;
    this.settings = settings;
    this.environment = environment;
  }
  program;
  settings;
  environment;
  accepted = [];
  attempts = 0;
  lastDeath = null;
  *run() {
    const { program, environment, accepted } = this;
    const { samples, max_attempts } = this.settings;
    const streams = environment.random.split(1);
    while (accepted.length < samples && this.attempts < max_attempts) {
      const size = Math.min(BATCH2, max_attempts - this.attempts);
      const particles = Array.from(
        { length: size },
        (_, i) => new Particle(program.start(), streams.split(this.attempts + i), environment)
      );
      let going = particles.filter((p) => runOn2(p) === Status.Waiting);
      for (let round2 = 0; going.length > 0; round2++) {
        const pending = answerRequests(going, environment, round2);
        if (pending !== void 0) yield pending;
        going = going.filter((p) => runOn2(p) === Status.Waiting);
      }
      for (let i = 0; i < size && accepted.length < samples; i++) this.judge(particles[i]);
      yield this.progress(size);
    }
  }
  judge(particle) {
    const { bound } = this.settings;
    this.attempts++;
    if (particle.logWeight === -Infinity) {
      this.lastDeath = particle.site ?? this.lastDeath;
      return;
    }
    const excess = particle.logWeight - bound;
    if (excess > ROUNDING3) {
      throw new MethodError(
        "PGLR032",
        `rejection: an execution weighs ${particle.logWeight.toFixed(3)} nats, above the bound ${bound}.`,
        { site: particle.site ?? void 0, hint: "Pass a larger `bound`, or use importance or smc." }
      );
    }
    if (excess >= 0 || particle.random.bernoulli(Math.exp(excess))) {
      this.accepted.push({ value: particle.value, trace: particle.trace });
    }
  }
  progress(alive) {
    const k = this.accepted.length;
    return {
      method: "rejection",
      step: this.attempts,
      total: null,
      alive,
      finished: k,
      ess: k,
      logZ: Math.log(k / this.attempts) + this.settings.bound
    };
  }
};
function runOn2(particle) {
  try {
    for (; ; ) {
      const status = runToChoice(particle);
      if (status !== Status.Choice) return status;
      choose(particle, particle.distribution.sample(particle.random));
    }
  } catch (error) {
    throw located(error, particle);
  }
}

// ../runtime/src/inference/methods/index.ts
var methods = { enumerate, rejection, importance, smc };
var defaultMethod = smc();

// ../runtime/src/inference/method.ts
function target(model, args) {
  return { name: model.name, model, arguments: args, start: () => model.start(...args) };
}

// ../runtime/src/inference/nested.ts
var memory = /* @__PURE__ */ new WeakMap();
var nestedHandler = {
  name: "infer",
  answer(payloads, environment, randomOf) {
    return Promise.all(
      payloads.map((payload, i) => answerOne(payload, environment, () => randomOf(i)))
    );
  }
};
function answerOne({ model, args, method }, environment, random) {
  if (method.guarantee !== "exact") return runNested(model, args, method, environment, random());
  let models = memory.get(environment.services);
  if (models === void 0) memory.set(environment.services, models = /* @__PURE__ */ new Map());
  let answers = models.get(model);
  if (answers === void 0) models.set(model, answers = /* @__PURE__ */ new Map());
  const key = method.name + JSON.stringify(method.options) + hashKey(args);
  let answer = answers.get(key);
  if (answer === void 0) answers.set(key, answer = runNested(model, args, method, environment, random()));
  return answer;
}
async function runNested(model, args, method, outer, random) {
  const environment = outer instanceof RunEnvironment ? outer.nested(random) : new RunEnvironment(outer.services, random, outer.signal, outer.limits);
  const posterior = await method.run(target(model, args), environment);
  if (posterior.diagnostics.partial) throw new DOMException("The run was ended inside an inference.", "AbortError");
  return posterior;
}
function inferRequest(model, args, method = defaultMethod) {
  return { handler: nestedHandler, payload: { model, args, method } };
}

// ../runtime/src/random/seeded.ts
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

// ../runtime/src/random/threefry.ts
var PARITY = 466688986;
function threefry(key, c0, c1, c2 = 0, c3 = 0) {
  const [k0, k1, k2, k3] = key;
  const k4 = PARITY ^ k0 ^ k1 ^ k2 ^ k3;
  const subkeys = [k0, k1, k2, k3, k4];
  let x0 = c0 + k0 | 0;
  let x1 = c1 + k1 | 0;
  let x2 = c2 + k2 | 0;
  let x3 = c3 + k3 | 0;
  for (let injection = 1; injection <= 5; injection++) {
    if ((injection & 1) === 1) {
      x0 = x0 + x1 | 0;
      x1 = (x1 << 10 | x1 >>> 22) ^ x0;
      x2 = x2 + x3 | 0;
      x3 = (x3 << 26 | x3 >>> 6) ^ x2;
      x0 = x0 + x3 | 0;
      x3 = (x3 << 11 | x3 >>> 21) ^ x0;
      x2 = x2 + x1 | 0;
      x1 = (x1 << 21 | x1 >>> 11) ^ x2;
      x0 = x0 + x1 | 0;
      x1 = (x1 << 13 | x1 >>> 19) ^ x0;
      x2 = x2 + x3 | 0;
      x3 = (x3 << 27 | x3 >>> 5) ^ x2;
      x0 = x0 + x3 | 0;
      x3 = (x3 << 23 | x3 >>> 9) ^ x0;
      x2 = x2 + x1 | 0;
      x1 = (x1 << 5 | x1 >>> 27) ^ x2;
    } else {
      x0 = x0 + x1 | 0;
      x1 = (x1 << 6 | x1 >>> 26) ^ x0;
      x2 = x2 + x3 | 0;
      x3 = (x3 << 20 | x3 >>> 12) ^ x2;
      x0 = x0 + x3 | 0;
      x3 = (x3 << 17 | x3 >>> 15) ^ x0;
      x2 = x2 + x1 | 0;
      x1 = (x1 << 11 | x1 >>> 21) ^ x2;
      x0 = x0 + x1 | 0;
      x1 = (x1 << 25 | x1 >>> 7) ^ x0;
      x2 = x2 + x3 | 0;
      x3 = (x3 << 10 | x3 >>> 22) ^ x2;
      x0 = x0 + x3 | 0;
      x3 = (x3 << 18 | x3 >>> 14) ^ x0;
      x2 = x2 + x1 | 0;
      x1 = (x1 << 20 | x1 >>> 12) ^ x2;
    }
    x0 = x0 + subkeys[injection % 5] | 0;
    x1 = x1 + subkeys[(injection + 1) % 5] | 0;
    x2 = x2 + subkeys[(injection + 2) % 5] | 0;
    x3 = x3 + subkeys[(injection + 3) % 5] + injection | 0;
  }
  return [x0, x1, x2, x3];
}

// ../runtime/src/random/seeded.ts
function seeded(seed) {
  if (!Number.isSafeInteger(seed)) {
    throw new RunError("PGLR008", `A seed is a whole number, not ${String(seed)}.`, {
      hint: "Pass a number such as 1."
    });
  }
  return new SeededSource(threefry(ROOT, low(seed), high(seed)));
}
var ROOT = [608135816, 2242054355 | 0, 320440878, 57701188];
var low = (n) => n | 0;
var high = (n) => Math.floor(n / 4294967296) | 0;
var TWO_27 = 134217728;
var TWO_26 = 67108864;
var TWO_53 = 2 ** 53;
var SeededSource = class _SeededSource {
  constructor(state) {
    this.state = state;
  }
  state;
  generator = null;
  uniform() {
    for (; ; ) {
      const k = this.bits53();
      if (k !== 0) return k / TWO_53;
    }
  }
  bernoulli(p) {
    return this.bits53() < p * TWO_53;
  }
  below(n) {
    const block = Math.floor(TWO_53 / n);
    const limit = block * n;
    for (; ; ) {
      const k = this.bits53();
      if (k < limit) return Math.floor(k / block);
    }
  }
  categorical(weights, n = weights.length) {
    let total = 0;
    for (let i = 0; i < n; i++) total += weights[i];
    if (total === Infinity) return this.categoricalScaled(weights, n);
    let rest = this.bits53() / TWO_53 * total;
    let last = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights[i];
      if (rest < weight) return i;
      if (weight > 0) last = i;
      rest -= weight;
    }
    return last;
  }
  uniformAmong() {
    return this.bits53() / TWO_53;
  }
  split(key) {
    if (!Number.isSafeInteger(key))
      throw new RunError("PGLR008", `A stream's key is a whole number, not ${String(key)}.`);
    return new _SeededSource(threefry(this.state, low(key), high(key)));
  }
  /** A whole number in [0, 2^53), from the upper bits of two outputs: the lowest ones of this generator are weak. */
  bits53() {
    const generator = this.generator ??= generatorOf(this.state);
    return (generator.next() >>> 5) * TWO_26 + (generator.next() >>> 6);
  }
  categoricalScaled(weights, n) {
    return this.categorical(Float64Array.from({ length: n }, (_, i) => weights[i] / TWO_27 / TWO_27));
  }
};
function generatorOf(state) {
  const usable = (state[0] | state[1] | state[2] | state[3]) === 0 ? ROOT : state;
  return xoroshiro128plusFromState(usable);
}

// ../runtime/src/distributions/base.ts
var LIST_LIMIT = 1e6;
var Family = class _Family {
  kind = "distribution";
  [equalsSymbol](other2) {
    return other2 instanceof _Family && other2.name === this.name && equal(this.parameters(), other2.parameters());
  }
  [keySymbol]() {
    return this.name + hashKey(this.parameters());
  }
  [showSymbol]() {
    return `${this.name}(${this.parameters().map(show).join(", ")})`;
  }
  toString() {
    return this[showSymbol]();
  }
};
var Continuous = class extends Family {
  get discrete() {
    return false;
  }
  get lower() {
    return -Infinity;
  }
  get upper() {
    return Infinity;
  }
  get support() {
    return { kind: "interval", lower: this.lower, upper: this.upper };
  }
};
var Counting = class extends Family {
  get discrete() {
    return true;
  }
};
var FiniteFamily = class extends Family {
  get discrete() {
    return true;
  }
  /** Expectation of the values, booleans as 0 and 1. @throws RunError when they are not numbers. */
  mean() {
    const { values, probabilities } = this.support;
    let sum2 = 0;
    for (let i = 0; i < values.length; i++) sum2 += probabilities[i] * numberOf("mean", this.name, values[i]);
    return sum2;
  }
  variance() {
    const { values, probabilities } = this.support;
    const mean2 = this.mean();
    let sum2 = 0;
    for (let i = 0; i < values.length; i++) {
      sum2 += probabilities[i] * (numberOf("variance", this.name, values[i]) - mean2) ** 2;
    }
    return sum2;
  }
};
function numberOf(what, distribution, value) {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  throw new RunError(
    "PGLR052",
    `${what}: the values of this ${distribution} are not numbers: one is ${kindOf(value)}.`
  );
}
function* outwards(mode2, lowest, highest, logMass) {
  let down = mode2 - 1;
  let up = mode2;
  let below = down >= lowest ? logMass(down) : -Infinity;
  let above = logMass(up);
  while (Math.max(below, above) > NEGLIGIBLE) {
    if (above >= below) {
      yield up;
      above = ++up <= highest ? logMass(up) : -Infinity;
    } else {
      yield down;
      below = --down >= lowest ? logMass(down) : -Infinity;
    }
  }
}
var NEGLIGIBLE = -745;

// ../runtime/src/distributions/check.ts
function finite(distribution, parameter, x) {
  if (!Number.isFinite(x)) throw new DistributionError(distribution, parameter, "a finite number", x);
}
function positive(distribution, parameter, x) {
  if (!(x > 0 && x < Infinity)) throw new DistributionError(distribution, parameter, "a positive number", x);
}
function notNegative(distribution, parameter, x) {
  if (!(x >= 0 && x < Infinity))
    throw new DistributionError(distribution, parameter, "a number that is not negative", x);
}
function probability(distribution, parameter, p) {
  if (!(p >= 0 && p <= 1)) throw new DistributionError(distribution, parameter, "a probability between 0 and 1", p);
}
function positiveProbability(distribution, parameter, p) {
  if (!(p > 0 && p <= 1)) throw new DistributionError(distribution, parameter, "a probability above 0, at most 1", p);
}
function whole(distribution, parameter, n) {
  if (!Number.isSafeInteger(n)) throw new DistributionError(distribution, parameter, "a whole number", n);
}
function count(distribution, parameter, n) {
  if (!(Number.isSafeInteger(n) && n >= 0)) {
    throw new DistributionError(distribution, parameter, "a whole number that is not negative", n);
  }
}
function totalWeight(distribution, parameter, weights) {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    if (!(weight >= 0)) {
      throw new DistributionError(distribution, `${parameter}[${i}]`, "a weight that is not negative", weight);
    }
    total += weight;
  }
  if (!(total > 0)) {
    throw new DistributionError(
      distribution,
      parameter,
      "weights of which one at least is positive",
      describe2(weights)
    );
  }
  if (total === Infinity) {
    throw new DistributionError(distribution, parameter, "weights with a finite sum", describe2(weights));
  }
  return total;
}
function describe2(weights) {
  const shown = Array.from({ length: Math.min(weights.length, 8) }, (_, i) => String(weights[i]));
  return `[${shown.join(", ")}${weights.length > 8 ? ", \u2026" : ""}]`;
}

// ../runtime/src/distributions/bernoulli.ts
var bernoulli = (p) => new Bernoulli(p);
var OUTCOMES = [true, false];
var Bernoulli = class extends Family {
  constructor(p) {
    super();
    this.p = p;
    probability("bernoulli", "p", p);
  }
  p;
  name = "bernoulli";
  get discrete() {
    return true;
  }
  get support() {
    return { kind: "finite", values: OUTCOMES, probabilities: [this.p, 1 - this.p] };
  }
  logDensity(value) {
    return value === true ? Math.log(this.p) : value === false ? Math.log1p(-this.p) : -Infinity;
  }
  sample(random) {
    return random.bernoulli(this.p);
  }
  /** Of `true` as 1. */
  mean() {
    return this.p;
  }
  variance() {
    return this.p * (1 - this.p);
  }
  parameters() {
    return [this.p];
  }
};

// ../runtime/src/distributions/special.ts
import gammaln from "@stdlib/math-base-special-gammaln";
var logGamma = (x) => gammaln(x);
var LOG_2PI = Math.log(2 * Math.PI);
function stirlingError(n) {
  if (n < 16) return SMALL_STIRLING_ERRORS[2 * n] ?? smallStirlingError(n);
  const nn = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / nn) / nn) / nn) / nn) / n;
}
var smallStirlingError = (n) => logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - 0.5 * LOG_2PI;
var SMALL_STIRLING_ERRORS = Array.from({ length: 32 }, (_, i) => smallStirlingError(i / 2));
function deviance(x, m) {
  if (x === 0) return m;
  if (Math.abs(x - m) < 0.1 * (x + m)) {
    const v = (x - m) / (x + m);
    let sum2 = (x - m) * v;
    let term = 2 * x * v;
    const vv = v * v;
    for (let j = 3; ; j += 2) {
      term *= vv;
      const next = sum2 + term / j;
      if (next === sum2) return sum2;
      sum2 = next;
    }
  }
  const ratio = x / m;
  return x * (ratio < Infinity ? Math.log(ratio) : Math.log(x) - Math.log(m)) + m - x;
}
var shareDeviance = (k, n, p) => n * p > 1e-290 ? deviance(k, n * p) : k * (Math.log(k / n) - Math.log(p)) - k;
function logPoisson(x, rate) {
  if (x === 0) return -rate;
  return -stirlingError(x) - deviance(x, rate) - 0.5 * (LOG_2PI + Math.log(x));
}
function logBinomial(k, l, p, q) {
  if (p === 0) return k === 0 ? 0 : -Infinity;
  if (q === 0) return l === 0 ? 0 : -Infinity;
  if (k === 0) return l === 0 ? 0 : l * (p < 0.1 ? Math.log1p(-p) : Math.log(q));
  if (l === 0) return k * (q < 0.1 ? Math.log1p(-q) : Math.log(p));
  const n = k + l;
  return stirlingError(n) - stirlingError(k) - stirlingError(l) - shareDeviance(k, n, p) - shareDeviance(l, n, q) + 0.5 * (Math.log(n / k / l) - LOG_2PI);
}
function normalQuantile(u) {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r2 = 0.180625 - q * q;
    return q * (((((((2509.0809287301227 * r2 + 33430.57558358813) * r2 + 67265.7709270087) * r2 + 45921.95393154987) * r2 + 13731.69376550946) * r2 + 1971.5909503065513) * r2 + 133.14166789178438) * r2 + 3.3871328727963665) / (((((((5226.495278852854 * r2 + 28729.085735721943) * r2 + 39307.89580009271) * r2 + 21213.794301586597) * r2 + 5394.196021424751) * r2 + 687.1870074920579) * r2 + 42.31333070160091) * r2 + 1);
  }
  let r = Math.sqrt(-Math.log(q < 0 ? u : 1 - u));
  let z;
  if (r <= 5) {
    r -= 1.6;
    z = (((((((7745450142783414e-19 * r + 0.022723844989269184) * r + 0.2417807251774506) * r + 1.2704582524523684) * r + 3.6478483247632045) * r + 5.769497221460691) * r + 4.630337846156546) * r + 1.4234371107496835) / (((((((10507500716444169e-25 * r + 5475938084995345e-19) * r + 0.015198666563616457) * r + 0.14810397642748008) * r + 0.6897673349851) * r + 1.6763848301838038) * r + 2.053191626637759) * r + 1);
  } else {
    r -= 5;
    z = (((((((20103343992922881e-23 * r + 27115555687434876e-21) * r + 0.0012426609473880784) * r + 0.026532189526576124) * r + 0.29656057182850487) * r + 1.7848265399172913) * r + 5.463784911164114) * r + 6.657904643501103) / (((((((20442631033899397e-31 * r + 1421511758316446e-22) * r + 18463183175100548e-21) * r + 7868691311456133e-19) * r + 0.014875361290850615) * r + 0.1369298809227358) * r + 0.599832206555888) * r + 1);
  }
  return q < 0 ? -z : z;
}

// ../runtime/src/distributions/samplers.ts
var standardNormal = (random) => normalQuantile(random.uniform());
function standardGamma(random, shape) {
  if (shape < 1) return Math.exp(logStandardGamma(random, shape));
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (; ; ) {
    const x = standardNormal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = random.uniform();
    if (u < 1 - 0.0331 * x * x * x * x || Math.log(u) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}
function logStandardGamma(random, shape) {
  if (shape >= 1) return Math.log(standardGamma(random, shape));
  return Math.log(standardGamma(random, shape + 1)) + Math.log(random.uniform()) / shape;
}
var positiveFloat = (x) => Math.min(Math.max(x, Number.MIN_VALUE), Number.MAX_VALUE);

// ../runtime/src/distributions/beta.ts
var beta = (a, b) => new Beta(a, b);
var LARGEST_BELOW_ONE = 1 - 2 ** -53;
var Beta = class extends Continuous {
  constructor(a, b) {
    super();
    this.a = a;
    this.b = b;
    positive("beta", "a", a);
    positive("beta", "b", b);
  }
  a;
  b;
  name = "beta";
  get lower() {
    return 0;
  }
  get upper() {
    return 1;
  }
  /** By the binomial mass it resembles (Loader 2000, as in R's dbeta): no cancellation at large parameters. */
  logDensity(x) {
    if (!(x >= 0 && x <= 1)) return -Infinity;
    const { a, b } = this;
    if (x === 0) return a > 1 ? -Infinity : a === 1 ? Math.log(b) : Infinity;
    if (x === 1) return b > 1 ? -Infinity : b === 1 ? Math.log(a) : Infinity;
    const y = 1 - x;
    if (a < 1) {
      if (b < 1)
        return Math.log(a) + Math.log(b) - Math.log(a + b) - Math.log(x) - Math.log1p(-x) + logBinomial(a, b, x, y);
      return Math.log(a) - Math.log(x) + logBinomial(a, b - 1, x, y);
    }
    if (b < 1) return Math.log(b) - Math.log1p(-x) + logBinomial(a - 1, b, x, y);
    return Math.log(a + b - 1) + logBinomial(a - 1, b - 1, x, y);
  }
  sample(random) {
    const { a, b } = this;
    let x;
    if (a >= 1 && b >= 1) {
      const left = standardGamma(random, a);
      x = left / (left + standardGamma(random, b));
    } else {
      const left = logStandardGamma(random, a);
      x = 1 / (1 + Math.exp(logStandardGamma(random, b) - left));
    }
    return Math.min(Math.max(x, Number.MIN_VALUE), LARGEST_BELOW_ONE);
  }
  mean() {
    return this.a / (this.a + this.b);
  }
  variance() {
    const n = this.a + this.b;
    return this.a / n * (this.b / n) / (n + 1);
  }
  gradient(x) {
    return x > 0 && x < 1 ? (this.a - 1) / x - (this.b - 1) / (1 - x) : 0;
  }
  parameters() {
    return [this.a, this.b];
  }
};

// ../runtime/src/distributions/binomial.ts
var binomial = (n, p) => new Binomial(n, p);
var Binomial = class extends Counting {
  constructor(n, p) {
    super();
    this.n = n;
    this.p = p;
    count("binomial", "n", n);
    probability("binomial", "p", p);
  }
  n;
  p;
  name = "binomial";
  get support() {
    const { n, p } = this;
    if (n >= LIST_LIMIT) {
      const mode2 = Math.min(n, Math.floor((n + 1) * p));
      return { kind: "countable", values: () => outwards(mode2, 0, n, (k) => this.logDensity(k)) };
    }
    return { kind: "finite", values: Array.from({ length: n + 1 }, (_, k) => k), probabilities: masses(n, p) };
  }
  logDensity(k) {
    if (!(Number.isInteger(k) && k >= 0 && k <= this.n)) return -Infinity;
    return logBinomial(k, this.n - k, this.p, 1 - this.p);
  }
  sample(random) {
    return sampleBinomial(random, this.n, this.p);
  }
  mean() {
    return this.n * this.p;
  }
  variance() {
    return this.n * this.p * (1 - this.p);
  }
  parameters() {
    return [this.n, this.p];
  }
};
function masses(n, p) {
  const q = 1 - p;
  return Float64Array.from({ length: n + 1 }, (_, k) => Math.exp(logBinomial(k, n - k, p, q)));
}
function fewMasses(n, p) {
  const odds = p / (1 - p);
  const list = [(1 - p) ** n];
  for (let k = 1; k <= n; k++) list.push(list[k - 1] * ((n - k + 1) / k) * odds);
  return list;
}
var LISTED_TRIALS = 32;
function sampleBinomial(random, n, p) {
  if (n === 0 || p === 0) return 0;
  if (p === 1) return n;
  if (n === 1) return random.bernoulli(p) ? 1 : 0;
  if (p > 0.5) return n - fewSuccesses(random, n, 1 - p);
  return fewSuccesses(random, n, p);
}
function fewSuccesses(random, n, p) {
  if (n <= LISTED_TRIALS) return random.categorical(fewMasses(n, p));
  return n * p < 10 ? invert(random, n, p) : rejectTransformed(random, n, p);
}
function invert(random, n, p) {
  const odds = p / (1 - p);
  let rest = random.uniform();
  let mass = Math.exp(n * Math.log1p(-p));
  let k = 0;
  while (rest > mass && k < n && mass > 1e-300) {
    rest -= mass;
    k++;
    mass *= (n - k + 1) / k * odds;
  }
  return k;
}
function rejectTransformed(random, n, p) {
  const q = 1 - p;
  const sd = Math.sqrt(n * p * q);
  const b = 1.15 + 2.53 * sd;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const center = n * p + 0.5;
  const alpha = (2.83 + 5.1 / b) * sd;
  const squeeze = 0.92 - 4.2 / b;
  const mode2 = Math.floor((n + 1) * p);
  const peak = logBinomial(mode2, n - mode2, p, q);
  for (; ; ) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor((2 * a / us + b) * u + center);
    if (k < 0 || k > n) continue;
    if (us >= 0.07 && v <= squeeze) return k;
    if (Math.log(v * alpha / (a / (us * us) + b)) <= logBinomial(k, n - k, p, q) - peak) return k;
  }
}

// ../runtime/src/distributions/finite.ts
var SCAN_LIMIT2 = 8;
var Finite = class extends FiniteFamily {
  /**
   * @param values no two of them equal.
   * @param weights in the order of the values; not negative, not all zero.
   * @throws DistributionError naming `name` and `weights`.
   */
  constructor(name, values, weights) {
    super();
    this.name = name;
    this.values = values;
    this.weights = weights;
    this.total = totalWeight(name, "weights", weights);
  }
  name;
  values;
  weights;
  total;
  listed = null;
  index = null;
  get support() {
    return this.listed ??= {
      kind: "finite",
      values: this.values,
      probabilities: Float64Array.from(this.weights, (w) => w / this.total)
    };
  }
  logDensity(value) {
    const at2 = this.find(value);
    return at2 < 0 ? -Infinity : Math.log(this.weights[at2] / this.total);
  }
  sample(random) {
    return this.values[random.categorical(this.weights)];
  }
  parameters() {
    const { values, probabilities } = this.support;
    return [ValueMap.from(values.map((value, i) => [value, probabilities[i]]))];
  }
  find(value) {
    if (this.values.length <= SCAN_LIMIT2) {
      for (let i = 0; i < this.values.length; i++) if (equal(this.values[i], value)) return i;
      return -1;
    }
    if (this.index === null) {
      this.index = /* @__PURE__ */ new Map();
      for (let i = 0; i < this.values.length; i++) this.index.set(hashKey(this.values[i]), i);
    }
    return this.index.get(hashKey(value)) ?? -1;
  }
};
function mergeEqual(values, weightAt) {
  const places = /* @__PURE__ */ new Map();
  const merged = { values: [], weights: [] };
  let index = 0;
  for (const value of values) {
    const weight = weightAt(index++);
    if (!(weight > 0)) continue;
    const key = hashKey(value);
    const known = places.get(key);
    if (known !== void 0) merged.weights[known] += weight;
    else {
      places.set(key, merged.values.length);
      merged.values.push(value);
      merged.weights.push(weight);
    }
  }
  return merged;
}

// ../runtime/src/distributions/categorical.ts
function categorical(weights) {
  if (weights instanceof ValueMap) return new Finite("categorical", weights.keys(), weights.values());
  return new Categorical(weights);
}
var Categorical = class extends FiniteFamily {
  constructor(weights) {
    super();
    this.weights = weights;
    this.total = totalWeight("categorical", "weights", weights);
  }
  weights;
  name = "categorical";
  total;
  get support() {
    return {
      kind: "finite",
      values: Array.from({ length: this.weights.length }, (_, i) => i),
      probabilities: Float64Array.from(this.weights, (w) => w / this.total)
    };
  }
  logDensity(index) {
    const weight = this.weights[index];
    return weight === void 0 || typeof index !== "number" ? -Infinity : Math.log(weight / this.total);
  }
  sample(random) {
    return random.categorical(this.weights);
  }
  parameters() {
    return [Array.from(this.weights, (w) => w / this.total)];
  }
};

// ../runtime/src/distributions/cauchy.ts
var cauchy = (location, scale) => new Cauchy(location, scale);
var Cauchy = class extends Continuous {
  constructor(location, scale) {
    super();
    this.location = location;
    this.scale = scale;
    finite("cauchy", "location", location);
    positive("cauchy", "scale", scale);
  }
  location;
  scale;
  name = "cauchy";
  logDensity(x) {
    const z = Math.abs(x - this.location) / this.scale;
    if (!(z < Infinity)) return -Infinity;
    const spread = z < 1e100 ? Math.log1p(z * z) : 2 * Math.log(z);
    return -Math.log(Math.PI * this.scale) - spread;
  }
  sample(random) {
    return this.quantile(random.uniform());
  }
  mean() {
    return NaN;
  }
  variance() {
    return NaN;
  }
  quantile(q) {
    if (q === 0 || q === 1) return q === 0 ? -Infinity : Infinity;
    const z = q < 0.25 ? -1 / Math.tan(Math.PI * q) : q > 0.75 ? 1 / Math.tan(Math.PI * (1 - q)) : Math.tan(Math.PI * (q - 0.5));
    return this.location + this.scale * z;
  }
  gradient(x) {
    const z = (x - this.location) / this.scale;
    return -2 * z / (1 + z * z) / this.scale;
  }
  parameters() {
    return [this.location, this.scale];
  }
};

// ../runtime/src/distributions/choice.ts
var choice = (options) => new Choice("choice", "options", options);
var empirical = (values) => new Choice("empirical", "values", values);
var SCAN_LIMIT3 = 8;
var Choice = class extends FiniteFamily {
  constructor(name, parameter, options) {
    super();
    this.name = name;
    this.options = options;
    if (!(options.length > 0)) throw new DistributionError(name, parameter, "a list with a value in it", "empty");
  }
  name;
  options;
  counts = null;
  listed = null;
  get support() {
    if (this.listed === null) {
      const each = 1 / this.options.length;
      const { values, weights } = mergeEqual(this.options, () => 1);
      this.listed = { kind: "finite", values, probabilities: weights.map((w) => w * each) };
    }
    return this.listed;
  }
  logDensity(value) {
    return Math.log(this.occurrences(value) / this.options.length);
  }
  sample(random) {
    return this.options[random.below(this.options.length)];
  }
  parameters() {
    return [this.options];
  }
  occurrences(value) {
    const { options } = this;
    if (options.length <= SCAN_LIMIT3) {
      let n = 0;
      for (const option of options) if (equal(option, value)) n++;
      return n;
    }
    if (this.counts === null) {
      this.counts = /* @__PURE__ */ new Map();
      for (const option of options) {
        const key = hashKey(option);
        this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
      }
    }
    return this.counts.get(hashKey(value)) ?? 0;
  }
};

// ../runtime/src/distributions/delta.ts
var delta = (value) => new Delta(value);
var Delta = class extends FiniteFamily {
  constructor(value) {
    super();
    this.value = value;
  }
  value;
  name = "delta";
  get support() {
    return { kind: "finite", values: [this.value], probabilities: [1] };
  }
  logDensity(value) {
    return equal(value, this.value) ? 0 : -Infinity;
  }
  sample(_random) {
    return this.value;
  }
  parameters() {
    return [this.value];
  }
};

// ../runtime/src/distributions/dirichlet.ts
var TOLERANCE = 1e-6;
var dirichlet = (concentration) => new Dirichlet(concentration);
var Dirichlet = class extends Family {
  constructor(concentration) {
    super();
    this.concentration = concentration;
    if (concentration.length < 2) {
      throw new DistributionError(
        "dirichlet",
        "concentration",
        "a list of two numbers or more",
        `of length ${concentration.length}`
      );
    }
    for (let i = 0; i < concentration.length; i++) positive("dirichlet", `concentration[${i}]`, concentration[i]);
  }
  concentration;
  name = "dirichlet";
  discrete = false;
  logNorm = NaN;
  get support() {
    return { kind: "simplex", dimension: this.concentration.length };
  }
  logDensity(x) {
    const alpha = this.concentration;
    if (x.length !== alpha.length) return -Infinity;
    let sum2 = 0;
    for (const xi of x) {
      if (!(xi >= 0)) return -Infinity;
      sum2 += xi;
    }
    if (!(Math.abs(sum2 - 1) <= TOLERANCE)) return -Infinity;
    let density = this.logNormaliser();
    let infinite = false;
    for (let i = 0; i < alpha.length; i++) {
      const power = alpha[i] - 1;
      if (power === 0) continue;
      if (x[i] === 0) {
        if (power > 0) return -Infinity;
        infinite = true;
      } else density += power * Math.log(x[i]);
    }
    return infinite ? Infinity : density;
  }
  sample(random) {
    const logs = this.concentration.map((a) => logStandardGamma(random, a));
    const max2 = Math.max(...logs);
    let total = 0;
    const draws = logs.map((l) => {
      const draw = Math.exp(l - max2);
      total += draw;
      return draw;
    });
    return draws.map((d) => Math.max(d / total, Number.MIN_VALUE));
  }
  mean() {
    const total = this.total();
    return this.concentration.map((a) => a / total);
  }
  variance() {
    const total = this.total();
    return this.concentration.map((a) => a / total * (1 - a / total) / (total + 1));
  }
  /** In all n coordinates; moves within the simplex use its projection. */
  gradient(x) {
    return this.concentration.map((a, i) => (a - 1) / x[i]);
  }
  parameters() {
    return [this.concentration];
  }
  total() {
    let total = 0;
    for (const a of this.concentration) total += a;
    return total;
  }
  logNormaliser() {
    if (this.logNorm !== this.logNorm) {
      let norm = logGamma(this.total());
      for (const a of this.concentration) norm -= logGamma(a);
      this.logNorm = norm;
    }
    return this.logNorm;
  }
};

// ../runtime/src/distributions/exponential.ts
var exponential = (rate) => new Exponential(rate);
var Exponential = class extends Continuous {
  constructor(rate) {
    super();
    this.rate = rate;
    positive("exponential", "rate", rate);
  }
  rate;
  name = "exponential";
  get lower() {
    return 0;
  }
  logDensity(x) {
    return x >= 0 ? Math.log(this.rate) - this.rate * x : -Infinity;
  }
  sample(random) {
    return positiveFloat(-Math.log(random.uniform()) / this.rate);
  }
  mean() {
    return 1 / this.rate;
  }
  variance() {
    return 1 / this.rate / this.rate;
  }
  quantile(q) {
    return -Math.log1p(-q) / this.rate;
  }
  gradient(x) {
    return x >= 0 ? -this.rate : 0;
  }
  parameters() {
    return [this.rate];
  }
};

// ../runtime/src/distributions/gamma.ts
var gamma = (shape, rate) => new Gamma(shape, rate);
var Gamma = class extends Continuous {
  constructor(shape, rate) {
    super();
    this.shape = shape;
    this.rate = rate;
    positive("gamma", "shape", shape);
    positive("gamma", "rate", rate);
  }
  shape;
  rate;
  name = "gamma";
  get lower() {
    return 0;
  }
  logDensity(x) {
    return logGammaDensity(x, this.shape, this.rate);
  }
  sample(random) {
    if (this.shape < 1) return positiveFloat(Math.exp(logStandardGamma(random, this.shape) - Math.log(this.rate)));
    return positiveFloat(standardGamma(random, this.shape) / this.rate);
  }
  mean() {
    return this.shape / this.rate;
  }
  variance() {
    return this.shape / this.rate / this.rate;
  }
  gradient(x) {
    return x > 0 ? (this.shape - 1) / x - this.rate : 0;
  }
  parameters() {
    return [this.shape, this.rate];
  }
};
function logGammaDensity(x, shape, rate) {
  if (!(x >= 0 && x < Infinity)) return -Infinity;
  if (x === 0) return shape > 1 ? -Infinity : shape === 1 ? Math.log(rate) : Infinity;
  const scaled = x * rate;
  if (shape < 1) {
    const mass = scaled > 0 ? logPoisson(shape, scaled) : -Infinity;
    if (mass > -Infinity) return mass + Math.log(shape) - Math.log(x);
  } else if (scaled > 0 && scaled < Infinity) {
    return logPoisson(shape - 1, scaled) + Math.log(rate);
  }
  const power = (shape - 1) * Math.log(x) + shape * Math.log(rate);
  return scaled === Infinity ? -Infinity : power - logGamma(shape);
}

// ../runtime/src/distributions/geometric.ts
var geometric = (p) => new Geometric(p);
var Geometric = class extends Counting {
  constructor(p) {
    super();
    this.p = p;
    positiveProbability("geometric", "p", p);
  }
  p;
  name = "geometric";
  get support() {
    return { kind: "countable", values: () => outwards(0, 0, Infinity, (k) => this.logDensity(k)) };
  }
  logDensity(k) {
    if (!(Number.isInteger(k) && k >= 0)) return -Infinity;
    return k === 0 ? Math.log(this.p) : Math.log(this.p) + k * Math.log1p(-this.p);
  }
  sample(random) {
    return this.quantile(random.uniform());
  }
  mean() {
    return (1 - this.p) / this.p;
  }
  variance() {
    return (1 - this.p) / this.p / this.p;
  }
  quantile(q) {
    if (this.p === 1) return 0;
    return Math.max(0, Math.ceil(Math.log1p(-q) / Math.log1p(-this.p)) - 1);
  }
  parameters() {
    return [this.p];
  }
};

// ../runtime/src/distributions/inverse-gamma.ts
var inverseGamma = (shape, scale) => new InverseGamma(shape, scale);
var InverseGamma = class extends Continuous {
  constructor(shape, scale) {
    super();
    this.shape = shape;
    this.scale = scale;
    positive("inverse_gamma", "shape", shape);
    positive("inverse_gamma", "scale", scale);
  }
  shape;
  scale;
  name = "inverse_gamma";
  get lower() {
    return 0;
  }
  logDensity(x) {
    if (!(x > 0 && x < Infinity)) return -Infinity;
    const y = this.scale / x;
    if (y === Infinity) return -Infinity;
    if (y === 0) {
      return this.shape * Math.log(this.scale) - (this.shape + 1) * Math.log(x) - logGamma(this.shape);
    }
    return logGammaDensity(y, this.shape, 1) + Math.log(this.scale) - 2 * Math.log(x);
  }
  sample(random) {
    return positiveFloat(Math.exp(Math.log(this.scale) - logStandardGamma(random, this.shape)));
  }
  mean() {
    return this.shape > 1 ? this.scale / (this.shape - 1) : Infinity;
  }
  variance() {
    const { shape, scale } = this;
    if (shape > 2) return (scale / (shape - 1)) ** 2 / (shape - 2);
    return shape > 1 ? Infinity : NaN;
  }
  gradient(x) {
    return x > 0 ? (this.scale / x - this.shape - 1) / x : 0;
  }
  parameters() {
    return [this.shape, this.scale];
  }
};

// ../runtime/src/distributions/laplace.ts
var laplace = (location, scale) => new Laplace(location, scale);
var Laplace = class extends Continuous {
  constructor(location, scale) {
    super();
    this.location = location;
    this.scale = scale;
    finite("laplace", "location", location);
    positive("laplace", "scale", scale);
  }
  location;
  scale;
  name = "laplace";
  logDensity(x) {
    const density = -Math.abs(x - this.location) / this.scale - Math.LN2 - Math.log(this.scale);
    return density === density ? density : -Infinity;
  }
  sample(random) {
    return this.quantile(random.uniform());
  }
  mean() {
    return this.location;
  }
  variance() {
    return 2 * this.scale * this.scale;
  }
  quantile(q) {
    return this.location + this.scale * (q < 0.5 ? Math.log(2 * q) : -Math.log(2 * (1 - q)));
  }
  /** Zero at the location, where the density has a corner. */
  gradient(x) {
    return Math.sign(this.location - x) / this.scale;
  }
  parameters() {
    return [this.location, this.scale];
  }
};

// ../runtime/src/distributions/logistic.ts
var logistic = (location, scale) => new Logistic(location, scale);
var Logistic = class extends Continuous {
  constructor(location, scale) {
    super();
    this.location = location;
    this.scale = scale;
    finite("logistic", "location", location);
    positive("logistic", "scale", scale);
  }
  location;
  scale;
  name = "logistic";
  logDensity(x) {
    const z = Math.abs(x - this.location) / this.scale;
    const density = -z - 2 * Math.log1p(Math.exp(-z)) - Math.log(this.scale);
    return density === density ? density : -Infinity;
  }
  sample(random) {
    return this.quantile(random.uniform());
  }
  mean() {
    return this.location;
  }
  variance() {
    return (this.scale * Math.PI) ** 2 / 3;
  }
  quantile(q) {
    return this.location + this.scale * (Math.log(q) - Math.log1p(-q));
  }
  gradient(x) {
    return -Math.tanh((x - this.location) / this.scale / 2) / this.scale;
  }
  parameters() {
    return [this.location, this.scale];
  }
};

// ../runtime/src/distributions/lognormal.ts
var lognormal = (mean2, sd) => new Lognormal(mean2, sd);
var Lognormal = class extends Continuous {
  constructor(center, sd) {
    super();
    this.center = center;
    this.sd = sd;
    finite("lognormal", "mean", center);
    positive("lognormal", "sd", sd);
  }
  center;
  sd;
  name = "lognormal";
  get lower() {
    return 0;
  }
  logDensity(x) {
    if (!(x > 0 && x < Infinity)) return -Infinity;
    const log = Math.log(x);
    const z = (log - this.center) / this.sd;
    return -0.5 * (z * z + LOG_2PI) - Math.log(this.sd) - log;
  }
  sample(random) {
    return positiveFloat(Math.exp(this.center + this.sd * standardNormal(random)));
  }
  mean() {
    return Math.exp(this.center + this.sd * this.sd / 2);
  }
  variance() {
    const v = this.sd * this.sd;
    return Math.expm1(v) * Math.exp(2 * this.center + v);
  }
  quantile(q) {
    if (q === 0 || q === 1) return q === 0 ? 0 : Infinity;
    return Math.exp(this.center + this.sd * normalQuantile(q));
  }
  gradient(x) {
    if (!(x > 0 && x < Infinity)) return 0;
    return -(1 + (Math.log(x) - this.center) / this.sd / this.sd) / x;
  }
  parameters() {
    return [this.center, this.sd];
  }
};

// ../runtime/src/distributions/mixture.ts
function mixture(weights, dists) {
  if (weights.length !== dists.length) {
    throw new DistributionError(
      "mixture",
      "weights",
      `as many as there are distributions (${dists.length})`,
      weights.length
    );
  }
  totalWeight("mixture", "weights", weights);
  const parts = [];
  for (const part of dists) {
    if (part.kind === "process") return mixProcesses(weights, dists);
    parts.push(part);
  }
  return new Mixture(weights, parts);
}
function mixProcesses(weights, dists) {
  for (const part of dists) {
    if (part.kind !== "process") continue;
    const mixed = part.mix?.(weights, dists) ?? null;
    if (mixed !== null) return mixed;
  }
  throw new RunError("PGLR056", `These distributions cannot be mixed: ${dists.map((d) => d.name).join(", ")}.`, {
    hint: "Draw which one first: `let i ~ categorical(weights)`, then from the one with that index."
  });
}
var Mixture = class extends Family {
  constructor(weights, parts) {
    super();
    this.weights = weights;
    this.parts = parts;
    this.total = totalWeight("mixture", "weights", weights);
    this.discrete = isDiscrete(parts[0]);
    for (const part of parts) {
      if (isDiscrete(part) !== this.discrete) {
        throw new DistributionError(
          "mixture",
          "dists",
          "all discrete or all continuous",
          `${parts[0].name} with ${part.name}`
        );
      }
    }
  }
  weights;
  parts;
  name = "mixture";
  discrete;
  total;
  get support() {
    const supports = this.parts.filter((_, i) => this.weights[i] > 0).map((part) => part.support);
    const shares = this.weights.filter((w) => w > 0).map((w) => w / this.total);
    if (supports.every((s) => s.kind === "finite")) return mixFinite(supports, shares);
    if (this.discrete) return { kind: "countable", values: () => alternate(supports) };
    let lower = Infinity;
    let upper = -Infinity;
    for (const support2 of supports) {
      if (support2.kind !== "interval") return support2;
      lower = Math.min(lower, support2.lower);
      upper = Math.max(upper, support2.upper);
    }
    return { kind: "interval", lower, upper };
  }
  logDensity(value) {
    let max2 = -Infinity;
    const logs = this.parts.map((part, i) => {
      const log = this.weights[i] > 0 ? Math.log(this.weights[i] / this.total) + part.logDensity(value) : -Infinity;
      if (log > max2) max2 = log;
      return log;
    });
    if (max2 === -Infinity || max2 === Infinity) return max2;
    let sum2 = 0;
    for (const log of logs) sum2 += Math.exp(log - max2);
    return max2 + Math.log(sum2);
  }
  sample(random) {
    return this.parts[random.categorical(this.weights)].sample(random);
  }
  mean() {
    return this.average(this.parts.map((part) => momentOf(part, "mean")));
  }
  variance() {
    const means = this.parts.map((part) => momentOf(part, "mean"));
    const center = this.average(means);
    const spread = this.parts.map(
      (part, i) => combine(momentOf(part, "variance"), means[i], center, (v, m, c) => v + (m - c) ** 2)
    );
    return this.average(spread);
  }
  /** Of a mixture of densities: the parts' gradients by their responsibility for the value. */
  gradient(value) {
    const density = this.logDensity(value);
    const gradients = [];
    const shares = [];
    this.parts.forEach((part, i) => {
      const share = this.weights[i] > 0 ? this.weights[i] / this.total * Math.exp(part.logDensity(value) - density) : 0;
      if (!(share > 0)) return;
      if (part.gradient === void 0) throw new RunError("PGLR055", `${part.name} has no gradient.`);
      gradients.push(part.gradient(value));
      shares.push(share);
    });
    return gradients.length === 0 ? 0 : weightedSum(shares, gradients);
  }
  parameters() {
    return [this.weights.map((w) => w / this.total), this.parts];
  }
  average(moments) {
    const used = this.weights.map((w, i) => i).filter((i) => this.weights[i] > 0);
    return weightedSum(
      used.map((i) => this.weights[i] / this.total),
      used.map((i) => moments[i])
    );
  }
};
var isDiscrete = (d) => {
  if (d instanceof Family) return d.discrete;
  const { kind } = d.support;
  return kind === "finite" || kind === "countable";
};
function momentOf(part, which) {
  const moment2 = part[which]?.();
  if (moment2 === void 0) throw new RunError("PGLR052", `mixture: ${part.name} has no ${which}.`);
  return moment2;
}
function weightedSum(weights, terms) {
  const [first] = terms;
  if (typeof first === "number") return weights.reduce((sum2, w, i) => sum2 + w * terms[i], 0);
  return first.map((_, j) => weights.reduce((sum2, w, i) => sum2 + w * terms[i][j], 0));
}
function combine(a, b, c, f) {
  if (typeof a === "number") return f(a, b, c);
  return a.map((x, i) => f(x, b[i], c[i]));
}
function mixFinite(supports, shares) {
  const values = [];
  const weights = [];
  supports.forEach((support2, i) => {
    if (support2.kind !== "finite") return;
    support2.values.forEach((value, j) => {
      values.push(value);
      weights.push(shares[i] * support2.probabilities[j]);
    });
  });
  const merged = mergeEqual(values, (i) => weights[i]);
  return { kind: "finite", values: merged.values, probabilities: merged.weights };
}
function* alternate(supports) {
  const seen = /* @__PURE__ */ new Set();
  let going = supports.map((s) => valuesOf(s)[Symbol.iterator]());
  while (going.length > 0) {
    const still = [];
    for (const part of going) {
      const next = part.next();
      if (next.done === true) continue;
      still.push(part);
      const key = hashKey(next.value);
      if (seen.has(key)) continue;
      seen.add(key);
      yield next.value;
    }
    going = still;
  }
}
function valuesOf(support2) {
  if (support2.kind === "finite") return support2.values.filter((_, i) => support2.probabilities[i] > 0);
  if (support2.kind === "countable") return support2.values();
  return [];
}

// ../runtime/src/distributions/multinomial.ts
var multinomial2 = (n, probabilities) => new Multinomial(n, probabilities);
var Multinomial = class extends Family {
  constructor(n, probabilities) {
    super();
    this.n = n;
    this.probabilities = probabilities;
    count("multinomial", "n", n);
    this.total = totalWeight("multinomial", "probabilities", probabilities);
    this.rest = new Float64Array(probabilities.length + 1);
    for (let i = probabilities.length - 1; i >= 0; i--) this.rest[i] = this.rest[i + 1] + probabilities[i];
  }
  n;
  probabilities;
  name = "multinomial";
  discrete = true;
  total;
  /** Weight of outcome i and all after it: what each count is drawn against, given the counts before. */
  rest;
  /** @throws RunError when there are more than a million ways to divide n. */
  get support() {
    const k = this.probabilities.length;
    let ways = 1;
    for (let i = 1; i < k; i++) ways = ways * (this.n + i) / i;
    if (ways > LIST_LIMIT * 1.000001) {
      throw new RunError("PGLR042", `multinomial(${this.n}, \u2026) over ${k} outcomes has too many values to list them.`);
    }
    const values = [...divisions(this.n, k)];
    return { kind: "finite", values, probabilities: Float64Array.from(values, (v) => Math.exp(this.logDensity(v))) };
  }
  logDensity(counts) {
    const k = this.probabilities.length;
    if (counts.length !== k) return -Infinity;
    let left = this.n;
    let density = 0;
    for (let i = 0; i < k; i++) {
      const c = counts[i];
      if (!(Number.isInteger(c) && c >= 0 && c <= left)) return -Infinity;
      density += this.logShare(i, c, left);
      left -= c;
    }
    return left === 0 ? density : -Infinity;
  }
  sample(random) {
    let left = this.n;
    return this.probabilities.map((p, i) => {
      const c = this.rest[i + 1] === 0 ? p > 0 ? left : 0 : sampleBinomial(random, left, p / this.rest[i]);
      left -= c;
      return c;
    });
  }
  mean() {
    return this.probabilities.map((p) => this.n * p / this.total);
  }
  variance() {
    return this.probabilities.map((p) => this.n * (p / this.total) * (1 - p / this.total));
  }
  parameters() {
    return [this.n, this.probabilities];
  }
  /** The log-probability that `c` of the `left` remaining draws give outcome i. */
  logShare(i, c, left) {
    const rest = this.rest[i];
    if (rest === 0) return c === 0 ? 0 : -Infinity;
    return logBinomial(c, left - c, this.probabilities[i] / rest, this.rest[i + 1] / rest);
  }
};
function* divisions(n, k) {
  if (k === 1) {
    yield [n];
    return;
  }
  for (let first = 0; first <= n; first++) for (const others of divisions(n - first, k - 1)) yield [first, ...others];
}

// ../runtime/src/distributions/multivariate-normal.ts
var multivariateNormal = (mean2, covariance) => new MultivariateNormal(mean2, covariance);
var MultivariateNormal = class extends Family {
  constructor(center, covariance) {
    super();
    this.center = center;
    this.covariance = covariance;
    const n = center.length;
    if (n === 0) throw new DistributionError("multivariate_normal", "mean", "a list of one number or more", "empty");
    for (let i = 0; i < n; i++) finite("multivariate_normal", `mean[${i}]`, center[i]);
    this.factor = cholesky(covariance, n);
    let log = -0.5 * n * LOG_2PI;
    for (let i = 0; i < n; i++) log -= Math.log(this.factor[i * n + i]);
    this.logNorm = log;
  }
  center;
  covariance;
  name = "multivariate_normal";
  discrete = false;
  /** The Cholesky factor: lower triangular, row by row. */
  factor;
  logNorm;
  get support() {
    return { kind: "vector", dimension: this.center.length };
  }
  logDensity(x) {
    if (x.length !== this.center.length) return -Infinity;
    const z = this.whiten(x);
    let squares = 0;
    for (const zi of z) squares += zi * zi;
    const density = this.logNorm - 0.5 * squares;
    return density === density ? density : -Infinity;
  }
  sample(random) {
    const n = this.center.length;
    const z = new Float64Array(n);
    for (let i = 0; i < n; i++) z[i] = standardNormal(random);
    return this.center.map((m, i) => {
      let x = m;
      for (let j = 0; j <= i; j++) x += this.factor[i * n + j] * z[j];
      return x;
    });
  }
  mean() {
    return this.center;
  }
  /** The diagonal of the covariance. */
  variance() {
    return this.covariance.map((row, i) => row[i]);
  }
  gradient(x) {
    const n = this.center.length;
    const g = this.whiten(x);
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) g[i] -= this.factor[j * n + i] * g[j];
      g[i] /= this.factor[i * n + i];
    }
    return Array.from(g, (v) => -v);
  }
  parameters() {
    return [this.center, this.covariance];
  }
  /** L⁻¹ (x − mean). */
  whiten(x) {
    const n = this.center.length;
    const z = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let rest = x[i] - this.center[i];
      for (let j = 0; j < i; j++) rest -= this.factor[i * n + j] * z[j];
      z[i] = rest / this.factor[i * n + i];
    }
    return z;
  }
};
function cholesky(covariance, n) {
  const wrong = (requirement, value) => new DistributionError("multivariate_normal", "covariance", requirement, value);
  if (covariance.length !== n || covariance.some((row) => row.length !== n)) {
    throw wrong(
      `a ${n} \xD7 ${n} matrix, as long as the mean`,
      `${covariance.length} rows of ${covariance.map((r) => r.length).join(", ")}`
    );
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const gap = Math.abs(covariance[i][j] - covariance[j][i]);
      if (!(gap <= 1e-8 * Math.sqrt(Math.abs(covariance[i][i] * covariance[j][j])))) {
        throw wrong("symmetric", `${covariance[i][j]} at [${i}][${j}] and ${covariance[j][i]} at [${j}][${i}]`);
      }
    }
  }
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum2 = covariance[i][j];
      for (let k = 0; k < j; k++) sum2 -= factor[i * n + k] * factor[j * n + k];
      if (i === j) {
        if (!(sum2 > 1e-14 * covariance[i][i] && sum2 < Infinity)) {
          throw wrong(
            "positive definite",
            `not: given the variables before it, number ${i} has variance ${sum2.toPrecision(3)}`
          );
        }
        factor[i * n + i] = Math.sqrt(sum2);
      } else factor[i * n + j] = sum2 / factor[j * n + j];
    }
  }
  return factor;
}

// ../runtime/src/distributions/poisson.ts
var poisson = (rate) => new Poisson(rate);
var Poisson = class extends Counting {
  constructor(rate) {
    super();
    this.rate = rate;
    notNegative("poisson", "rate", rate);
  }
  rate;
  name = "poisson";
  get support() {
    return {
      kind: "countable",
      values: () => outwards(Math.floor(this.rate), 0, Infinity, (k) => this.logDensity(k))
    };
  }
  logDensity(k) {
    if (!(Number.isInteger(k) && k >= 0)) return -Infinity;
    if (this.rate === 0) return k === 0 ? 0 : -Infinity;
    return logPoisson(k, this.rate);
  }
  sample(random) {
    return samplePoisson(random, this.rate);
  }
  mean() {
    return this.rate;
  }
  variance() {
    return this.rate;
  }
  parameters() {
    return [this.rate];
  }
};
function samplePoisson(random, rate) {
  return rate < 10 ? invert2(random, rate) : rejectTransformed2(random, rate);
}
function invert2(random, rate) {
  let rest = random.uniform();
  let mass = Math.exp(-rate);
  let k = 0;
  while (rest > mass && mass > 1e-300) {
    rest -= mass;
    mass *= rate / ++k;
  }
  return k;
}
function rejectTransformed2(random, rate) {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (; ; ) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || us < 0.013 && v > us) continue;
    if (Math.log(v * inverseAlpha / (a / (us * us) + b)) <= logPoisson(k, rate)) return k;
  }
}

// ../runtime/src/distributions/negative-binomial.ts
var negativeBinomial = (r, p) => new NegativeBinomial(r, p);
var NegativeBinomial = class extends Counting {
  constructor(r, p) {
    super();
    this.r = r;
    this.p = p;
    positive("negative_binomial", "r", r);
    positiveProbability("negative_binomial", "p", p);
  }
  r;
  p;
  name = "negative_binomial";
  get support() {
    const mode2 = this.r > 1 ? Math.floor((this.r - 1) * (1 - this.p) / this.p) : 0;
    return { kind: "countable", values: () => outwards(mode2, 0, Infinity, (k) => this.logDensity(k)) };
  }
  logDensity(k) {
    const { r, p } = this;
    if (!(Number.isInteger(k) && k >= 0)) return -Infinity;
    if (p === 1) return k === 0 ? 0 : -Infinity;
    if (k === 0) return r * Math.log(p);
    return Math.log(r / (r + k)) + logBinomial(r, k, p, 1 - p);
  }
  sample(random) {
    if (this.p === 1) return 0;
    return samplePoisson(random, standardGamma(random, this.r) * (1 - this.p) / this.p);
  }
  mean() {
    return this.r * (1 - this.p) / this.p;
  }
  variance() {
    return this.r * (1 - this.p) / this.p / this.p;
  }
  parameters() {
    return [this.r, this.p];
  }
};

// ../runtime/src/distributions/normal.ts
var normal = (mean2, sd) => new Normal(mean2, sd);
var Normal = class extends Continuous {
  constructor(center, sd) {
    super();
    this.center = center;
    this.sd = sd;
    finite("normal", "mean", center);
    positive("normal", "sd", sd);
  }
  center;
  sd;
  name = "normal";
  logDensity(x) {
    const z = (x - this.center) / this.sd;
    const density = -0.5 * (z * z + LOG_2PI) - Math.log(this.sd);
    return density === density ? density : -Infinity;
  }
  sample(random) {
    return this.center + this.sd * standardNormal(random);
  }
  mean() {
    return this.center;
  }
  variance() {
    return this.sd * this.sd;
  }
  quantile(q) {
    if (q === 0 || q === 1) return q === 0 ? -Infinity : Infinity;
    return this.center + this.sd * normalQuantile(q);
  }
  gradient(x) {
    return (this.center - x) / this.sd / this.sd;
  }
  parameters() {
    return [this.center, this.sd];
  }
};

// ../runtime/src/distributions/student-t.ts
var studentT = (df, location = 0, scale = 1) => new StudentT(df, location, scale);
var StudentT = class extends Continuous {
  constructor(df, location, scale) {
    super();
    this.df = df;
    this.location = location;
    this.scale = scale;
    positive("student_t", "df", df);
    finite("student_t", "location", location);
    positive("student_t", "scale", scale);
  }
  df;
  location;
  scale;
  name = "student_t";
  logDensity(x) {
    const { df } = this;
    const z = Math.abs(x - this.location) / this.scale;
    if (!(z < Infinity)) return -Infinity;
    const norm = stirlingError((df + 1) / 2) - stirlingError(df / 2) - deviance(df / 2, (df + 1) / 2);
    const ratio = z / df * z;
    let half;
    let power;
    if (ratio > 1e16) {
      half = Math.log(z) - 0.5 * Math.log(df);
      power = df * half;
    } else if (ratio > 0.2) {
      half = 0.5 * Math.log1p(ratio);
      power = df * half;
    } else {
      half = 0.5 * Math.log1p(ratio);
      power = z * z / 2 - deviance(df / 2, (df + z * z) / 2);
    }
    return norm - power - half - 0.5 * LOG_2PI - Math.log(this.scale);
  }
  sample(random) {
    const t = standardNormal(random) / Math.sqrt(standardGamma(random, this.df / 2) / (this.df / 2));
    const x = this.location + this.scale * t;
    return Math.min(Math.max(x, -Number.MAX_VALUE), Number.MAX_VALUE);
  }
  mean() {
    return this.df > 1 ? this.location : NaN;
  }
  variance() {
    if (this.df > 2) return this.scale * this.scale * this.df / (this.df - 2);
    return this.df > 1 ? Infinity : NaN;
  }
  gradient(x) {
    const z = (x - this.location) / this.scale;
    return -(this.df + 1) * z / (this.df + z * z) / this.scale;
  }
  parameters() {
    return [this.df, this.location, this.scale];
  }
};

// ../runtime/src/distributions/uniform.ts
var uniform = (low2, high2) => new Uniform(low2, high2);
var Uniform = class extends Continuous {
  constructor(low2, high2) {
    super();
    this.low = low2;
    this.high = high2;
    finite("uniform", "low", low2);
    finite("uniform", "high", high2);
    if (!(low2 < high2)) throw new DistributionError("uniform", "high", `above \`low\` (${low2})`, high2);
  }
  low;
  high;
  name = "uniform";
  get lower() {
    return this.low;
  }
  get upper() {
    return this.high;
  }
  logDensity(x) {
    return x >= this.low && x <= this.high ? -Math.log(this.high / 2 - this.low / 2) - Math.LN2 : -Infinity;
  }
  sample(random) {
    const u = random.uniform();
    const x = this.low * (1 - u) + this.high * u;
    return Math.min(Math.max(x, this.low), this.high);
  }
  mean() {
    return this.low / 2 + this.high / 2;
  }
  variance() {
    return (this.high - this.low) ** 2 / 12;
  }
  quantile(q) {
    return this.low * (1 - q) + this.high * q;
  }
  gradient(_x) {
    return 0;
  }
  parameters() {
    return [this.low, this.high];
  }
};

// ../runtime/src/distributions/uniform-int.ts
var uniformInt = (low2, high2) => new UniformInt(low2, high2);
var UniformInt = class extends Counting {
  constructor(low2, high2) {
    super();
    this.low = low2;
    this.high = high2;
    whole("uniform_int", "low", low2);
    whole("uniform_int", "high", high2);
    if (!(low2 <= high2)) throw new DistributionError("uniform_int", "high", `at least \`low\` (${low2})`, high2);
    this.size = high2 - low2 + 1;
    if (!Number.isSafeInteger(this.size)) {
      throw new DistributionError("uniform_int", "high", "less than 2^53 above `low`", high2);
    }
  }
  low;
  high;
  name = "uniform_int";
  size;
  get support() {
    const { low: low2, size } = this;
    if (size > LIST_LIMIT) return { kind: "countable", values: () => count2(low2, this.high) };
    return {
      kind: "finite",
      values: Array.from({ length: size }, (_, i) => low2 + i),
      probabilities: new Float64Array(size).fill(1 / size)
    };
  }
  logDensity(value) {
    return Number.isInteger(value) && value >= this.low && value <= this.high ? -Math.log(this.size) : -Infinity;
  }
  sample(random) {
    return this.low + random.below(this.size);
  }
  mean() {
    return this.low / 2 + this.high / 2;
  }
  variance() {
    return (this.size - 1) * (this.size + 1) / 12;
  }
  quantile(q) {
    return Math.min(this.high, this.low + Math.max(0, Math.ceil(q * this.size - 1e-12 * this.size) - 1));
  }
  parameters() {
    return [this.low, this.high];
  }
};
function* count2(low2, high2) {
  for (let k = low2; k <= high2; k++) yield k;
}

// ../runtime/src/distributions/catalogue.ts
var distributions = {
  bernoulli,
  categorical,
  choice,
  uniform,
  uniform_int: uniformInt,
  normal,
  lognormal,
  student_t: studentT,
  cauchy,
  laplace,
  logistic,
  exponential,
  gamma,
  inverse_gamma: inverseGamma,
  beta,
  dirichlet,
  poisson,
  binomial,
  geometric,
  negative_binomial: negativeBinomial,
  multinomial: multinomial2,
  multivariate_normal: multivariateNormal,
  delta,
  mixture,
  empirical
};

// ../runtime/src/distributions/reweighted.ts
var Reweighted = class extends Family {
  /**
   * @param kept the values and unnormalised weights of the list.
   * @param reweigh the unnormalised log-weight of a value, given its log-mass under `base`.
   */
  constructor(name, base, kept, reweigh) {
    super();
    this.name = name;
    this.base = base;
    this.kept = kept;
    this.reweigh = reweigh;
    this.listed = new Finite(name, kept.values, kept.weights);
    this.logTotal = Math.log(totalWeight(name, "weights", kept.weights));
  }
  name;
  base;
  kept;
  reweigh;
  discrete = true;
  listed;
  logTotal;
  get support() {
    return { kind: "countable", values: () => this.kept.values };
  }
  logDensity(value) {
    const logMass = this.base.logDensity(value);
    return logMass === -Infinity ? -Infinity : this.reweigh(value, logMass) - this.logTotal;
  }
  sample(random) {
    return this.listed.sample(random);
  }
  mean() {
    return this.listed.mean();
  }
  variance() {
    return this.listed.variance();
  }
  parameters() {
    return [this.base, this.listed];
  }
};

// ../runtime/src/distributions/where.ts
function where(d, predicate) {
  if (d.kind === "process") {
    if (d.where === void 0) throw notOffered("where", d.name);
    return d.where(predicate);
  }
  const { values, probabilities } = listedSupport("where", d);
  const kept = keep(values, probabilities, (value) => predicate(value));
  if (kept.values.length === 0) {
    throw new DistributionError("where", "pred", `true for a value that ${d.name} can give`, "false for all of them");
  }
  if (d.support.kind === "finite") return new Finite("where", kept.values, kept.weights);
  return new Reweighted("where", d, kept, (value, logMass) => predicate(value) ? logMass : -Infinity);
}
function keep(values, probabilities, passes) {
  const kept = { values: [], weights: [] };
  for (let i = 0; i < values.length; i++) {
    if (!(probabilities[i] > 0) || !passes(values[i], i)) continue;
    kept.values.push(values[i]);
    kept.weights.push(probabilities[i]);
  }
  return kept;
}
function finiteSupport(operation, d) {
  if (d.kind === "process") throw notOffered(operation, d.name);
  const { support: support2 } = d;
  if (support2.kind === "finite") return support2;
  throw new RunError("PGLR056", `${operation} needs a distribution with finitely many values; ${d.name} has not.`, {
    hint: operation === "where" ? "Draw from it and say `condition`." : void 0
  });
}
function listedSupport(operation, d) {
  if (d.kind === "process" || d.support.kind !== "countable") return finiteSupport(operation, d);
  const values = [];
  const probabilities = [];
  for (const value of d.support.values()) {
    if (values.length >= LIST_LIMIT) {
      throw new RunError("PGLR042", `${operation}: ${d.name} has too many values to go through.`);
    }
    values.push(value);
    probabilities.push(Math.exp(d.logDensity(value)));
  }
  return { values, probabilities };
}
var notOffered = (operation, name) => new RunError("PGLR056", `${operation} is not defined for ${name}.`, {
  hint: operation === "where" ? "Draw from it and say `condition` or `observe \u2026 matches`." : void 0
});

// ../runtime/src/distributions/restricted.ts
var MOST_VALUES = 4096;
function restrict(d, predicate) {
  if (d.kind === "process") return null;
  const { support: support2 } = d;
  if (support2.kind !== "finite" || support2.values.length > MOST_VALUES) return null;
  const { values, weights } = keep(support2.values, support2.probabilities, predicate);
  if (values.length === 0) return { distribution: d, logMass: -Infinity };
  let possible = 0;
  let mass = 0;
  for (let i = 0; i < support2.values.length; i++) if (support2.probabilities[i] > 0) possible++;
  if (possible === values.length) return { distribution: d, logMass: 0 };
  for (const weight of weights) mass += weight;
  return { distribution: new Finite("restricted", values, weights), logMass: Math.log(mass) };
}

// ../runtime/src/distributions/tempered.ts
function tempered(d, t) {
  if (!(t > 0 && t < Infinity)) throw new DistributionError("tempered", "t", "a positive number", t);
  if (d.kind === "process") {
    if (d.tempered === void 0) throw notOffered("tempered", d.name);
    return d.tempered(t);
  }
  const { values, probabilities } = listedSupport("tempered", d);
  const kept = keep(values, probabilities, () => true);
  let max2 = 0;
  for (const p of kept.weights) if (p > max2) max2 = p;
  const logMax = Math.log(max2);
  const weights = kept.weights.map((p) => Math.exp((Math.log(p) - logMax) / t));
  if (d.support.kind === "finite") return new Finite("tempered", kept.values, weights);
  return new Reweighted("tempered", d, { values: kept.values, weights }, (_, logMass) => (logMass - logMax) / t);
}

// ../runtime/src/distributions/top.ts
function topK(d, k) {
  if (!(Number.isSafeInteger(k) && k >= 1)) throw new DistributionError("top_k", "k", "a positive whole number", k);
  if (d.kind === "process") {
    if (d.top_k === void 0) throw notOffered("top_k", d.name);
    return d.top_k(k);
  }
  return likeliest("top_k", d, (number2) => number2 >= k);
}
function topP(d, p) {
  if (!(p > 0 && p <= 1)) throw new DistributionError("top_p", "p", "a probability above 0, at most 1", p);
  if (d.kind === "process") {
    if (d.top_p === void 0) throw notOffered("top_p", d.name);
    return d.top_p(p);
  }
  return likeliest("top_p", d, (_, mass) => mass >= p);
}
function likeliest(name, d, enough) {
  const { values, probabilities } = listedSupport(name, d);
  const order = Array.from({ length: values.length }, (_, i) => i).filter((i) => probabilities[i] > 0).sort((i, j) => probabilities[j] - probabilities[i] || i - j);
  const chosen = /* @__PURE__ */ new Set();
  let mass = 0;
  for (const i of order) {
    chosen.add(i);
    mass += probabilities[i];
    if (enough(chosen.size, mass)) break;
  }
  const kept = keep(values, probabilities, (_, i) => chosen.has(i));
  return new Finite(name, kept.values, kept.weights);
}

// ../runtime/src/machine/call.ts
function enterAny(particle, callee, args) {
  if (typeof callee === "function") {
    particle.value = callee(...args);
    return Op.Continue;
  }
  return particle.call(enter(callee, args));
}
function enter(callee, args) {
  const candidate = callee;
  if (typeof candidate?.enter === "function") return candidate.enter(args);
  if (typeof candidate?.start === "function") return candidate.start(...args);
  throw new RunError("PGLR001", "A value that is not a function was called.");
}
var hostHandler = {
  name: "host",
  answer: (payloads) => Promise.all(
    payloads.map(async ({ call, args, name }, payload) => {
      try {
        return await call(...args);
      } catch (cause) {
        const error = new RunError("PGLR002", `The host function \`${name}\` failed: ${messageOf(cause)}`, { cause });
        throw Object.assign(error, { payload });
      }
    })
  )
};
function hostCall(call, args, name) {
  return { handler: hostHandler, payload: { call, args, name } };
}
var messageOf = (cause) => cause instanceof Error ? cause.message : String(cause);

// ../runtime/src/machine/host-value.ts
function hostFunction(fn, parameters, result) {
  const incoming = parameters.map((type) => conversion(type, TO_HOST));
  const outgoing = conversion(result, FROM_HOST) ?? same;
  const call = (...args) => {
    const values = args.map((arg, i) => arg === void 0 ? arg : (incoming[i] ?? same)(arg));
    const answer = fn(...values);
    return answer instanceof Promise ? answer.then(outgoing) : outgoing(answer);
  };
  return call;
}
function hostValue(value, type) {
  return (conversion(type, FROM_HOST) ?? same)(value);
}
var FROM_HOST = { null: null, undefined: () => null, map: (entries) => ValueMap.from(entries) };
var TO_HOST = { null: null, undefined: () => void 0, map: (entries) => new Map(entries) };
function conversion(type, direction) {
  if (type === "null" || type === "undefined") return direction[type];
  if (typeof type === "string") return null;
  if ("list" in type) {
    const element2 = conversion(type.list, direction);
    return element2 && ((value) => value.map(element2));
  }
  if ("tuple" in type) {
    const elements = type.tuple.map((element2) => conversion(element2, direction));
    if (elements.every((element2) => element2 === null)) return null;
    return (value) => value.map((v, i) => (elements[i] ?? same)(v));
  }
  if ("map" in type) {
    const [key, value] = type.map.map((part) => conversion(part, direction) ?? same);
    return (map) => direction.map(Array.from(map, ([k, v]) => [key(k), value(v)]));
  }
  if ("record" in type) {
    const fields = Object.entries(type.record).flatMap(([name, field]) => {
      const convert = conversion(field, direction);
      return convert === null ? [] : [[name, convert]];
    });
    if (fields.length === 0) return null;
    return (value) => {
      const copy = { ...value };
      for (const [name, convert] of fields) if (name in copy) copy[name] = convert(copy[name]);
      return copy;
    };
  }
  const members = type.union.map((member) => ({ member, convert: conversion(member, direction) }));
  if (members.every(({ convert }) => convert === null)) return null;
  return (value) => (members.find(({ member }) => looksLike(member, value))?.convert ?? same)(value);
}
function looksLike(type, value) {
  if (type === "other") return true;
  if (type === "null" || type === "undefined") return value === null || value === void 0;
  if (typeof type === "string") return typeof value === type;
  if ("list" in type) return Array.isArray(value);
  if ("tuple" in type) return Array.isArray(value) && value.length === type.tuple.length;
  if ("map" in type) return value instanceof Map || value instanceof ValueMap;
  if ("record" in type) return typeof value === "object" && value !== null && !Array.isArray(value);
  return type.union.some((member) => looksLike(member, value));
}
var same = (value) => value;

// ../runtime/src/builtins/arguments.ts
var isText = (value) => typeof value === "string" || typeof value === "object" && value !== null && hooksOf(value)[textSymbol] !== void 0;
function stringOf(operation, value) {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    const hook = hooksOf(value)[textSymbol];
    if (hook !== void 0) return hook.call(value);
  }
  throw wrongKind(operation, "a string", value);
}
function listOf(operation, value) {
  if (!Array.isArray(value)) throw wrongKind(operation, "a list", value);
  return value;
}
function functionOf(operation, value) {
  if (typeof value === "function") return value;
  const kind = value?.kind;
  if (kind === "closure" || kind === "model") {
    throw new RunError("PGLR051", `${operation}: the function draws or waits, which it may not do here.`);
  }
  throw wrongKind(operation, "a function", value);
}
var wrongKind = (operation, wanted, value) => new RunError("PGLR051", `${operation} takes ${wanted}, not ${kindOf(value)} (${brief(value)}).`);
function checkIndex(operation, index, length) {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  const what = operation === "" ? "" : `${operation}: `;
  throw new RunError("PGLR050", `${what}index ${show(index)} is outside a list of length ${length}.`, {
    hint: index < 0 ? "Indices begin at 0; `last(xs)` is the last element, `slice(xs, -n)` the last n." : length === 0 ? "The list is empty." : `Indices go from 0 to ${length - 1}.`
  });
}
var LONGEST = 1e8;
function checkLength(operation, length) {
  if (length > LONGEST || Number.isNaN(length)) {
    throw new RunError("PGLR057", `${operation}: a result of length ${show(length)} is too long.`);
  }
}
var missingKey = (map, key) => new RunError("PGLR050", `The map has no key ${brief(key)}; it has ${map.size} ${map.size === 1 ? "key" : "keys"}.`, {
  hint: "`get(m, k)` gives none for a missing key."
});
function brief(value) {
  const shown = show(value);
  return shown.length <= 60 ? shown : `${shown.slice(0, 59)}\u2026`;
}

// ../runtime/src/builtins/numbers.ts
function toInt(operation, x, rounded) {
  if (!Number.isFinite(rounded)) {
    throw new RunError("PGLR057", `${operation}: ${brief(x)} is not a finite number.`, {
      hint: "Test it with is_finite."
    });
  }
  return rounded + 0;
}
var floor = (x) => toInt("floor", x, Math.floor(x));
var ceil = (x) => toInt("ceil", x, Math.ceil(x));
var trunc = (x) => toInt("trunc", x, Math.trunc(x));
var round = (x) => toInt("round", x, Math.sign(x) * Math.round(Math.abs(x)));
function min(a, b) {
  if (typeof a === "number" && typeof b === "number") return Math.min(a, b);
  return extreme("min", -1, b === void 0 ? a : [a, b]);
}
function max(a, b) {
  if (typeof a === "number" && typeof b === "number") return Math.max(a, b);
  return extreme("max", 1, b === void 0 ? a : [a, b]);
}
function extreme(operation, sign, values) {
  const xs = listOf(operation, values);
  if (xs.length === 0) throw emptyList(operation);
  let best = xs[0];
  for (let i = 1; i < xs.length && best === best; i++) {
    if (xs[i] !== xs[i] || Math.sign(compare(xs[i], best)) === sign) best = xs[i];
  }
  return best;
}
function sum(values) {
  let total = 0;
  for (const x of listOf("sum", values)) total += number("sum", x);
  return total;
}
function meanOfList(values) {
  if (values.length === 0) throw emptyList("mean");
  let total = 0;
  for (const x of values) total += number("mean", x);
  return total / values.length;
}
function log_sum_exp(values) {
  const xs = listOf("log_sum_exp", values);
  let largest = -Infinity;
  for (const x of xs) {
    if (x !== x) return NaN;
    if (number("log_sum_exp", x) > largest) largest = x;
  }
  if (largest === -Infinity || largest === Infinity) return largest;
  let total = 0;
  for (const x of xs) total += Math.exp(x - largest);
  return largest + Math.log(total);
}
function number(operation, x) {
  if (typeof x !== "number") throw wrongKind(operation, "numbers", x);
  return x;
}
var emptyList = (operation) => new RunError("PGLR059", `${operation}: the list is empty.`, { hint: "Test `len(xs) > 0` first." });
var sigmoid = (x) => {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
};
var logit = (p) => Math.log(p) - Math.log1p(-p);
var WHOLE = /^[+-]?\d+$/;
var DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
function parse_int(s) {
  const trimmed = s.trim();
  return WHOLE.test(trimmed) ? Number(trimmed) + 0 : null;
}
function parse_float(s) {
  const trimmed = s.trim();
  return DECIMAL.test(trimmed) ? Number(trimmed) : null;
}
function int(x) {
  switch (typeof x) {
    case "number":
      return toInt("int", x, Math.trunc(x));
    case "boolean":
      return x ? 1 : 0;
    case "string":
      return parse_int(x) ?? malformed("int", x, "a whole number", "parse_int");
    default:
      throw wrongKind("int", "a number, a string or a boolean", x);
  }
}
function float(x) {
  switch (typeof x) {
    case "number":
      return x;
    case "boolean":
      return x ? 1 : 0;
    case "string":
      return parse_float(x) ?? malformed("float", x, "a number", "parse_float");
    default:
      throw wrongKind("float", "a number, a string or a boolean", x);
  }
}
function malformed(operation, s, wanted, instead) {
  throw new RunError("PGLR058", `${operation}: ${kindOf(s)} ${brief(s)} is not ${wanted}.`, {
    hint: `\`${instead}(s)\` gives none for such strings.`
  });
}
var numbers = {
  pi: Math.PI,
  e: Math.E,
  inf: Infinity,
  abs: (x) => Math.abs(x),
  sqrt: (x) => Math.sqrt(x),
  exp: (x) => Math.exp(x),
  log: (x) => Math.log(x),
  log1p: (x) => Math.log1p(x),
  expm1: (x) => Math.expm1(x),
  sin: (x) => Math.sin(x),
  cos: (x) => Math.cos(x),
  tan: (x) => Math.tan(x),
  tanh: (x) => Math.tanh(x),
  atan2: (y, x) => Math.atan2(y, x),
  is_nan: (x) => Number.isNaN(x),
  is_finite: (x) => Number.isFinite(x),
  floor,
  ceil,
  trunc,
  round,
  min,
  max,
  sum,
  log_sum_exp,
  sigmoid,
  logit,
  int,
  float,
  parse_int,
  parse_float
};

// ../runtime/src/builtins/distributions.ts
function distributionOf(operation, d) {
  const kind = d?.kind;
  if (kind === "distribution") return d;
  if (kind === "process") {
    throw new RunError("PGLR056", `${operation} is not defined for ${d.name}.`, {
      hint: "A distribution over texts or tokens can be drawn from, observed, and asked for log_prob."
    });
  }
  throw wrongKind(operation, "a distribution", d);
}
function posteriorOf(operation, p) {
  if (p instanceof Posterior) return p;
  throw wrongKind(operation, "a posterior (what `infer` gives)", p);
}
function mean(x) {
  return Array.isArray(x) ? meanOfList(x) : moment("mean", x);
}
var variance = (d) => moment("variance", d);
function moment(which, d) {
  const distribution = distributionOf(which, d);
  const value = distribution[which]?.();
  if (value !== void 0) return value;
  throw new RunError("PGLR055", `${which} is not defined for ${distribution.name}: its values are not numbers.`);
}
var log_prob = (d, value) => distributionOf("log_prob", d).logDensity(value);
function support(d) {
  const { values, probabilities } = finiteSupport("support", distributionOf("support", d));
  return values.filter((_, i) => probabilities[i] > 0);
}
function probability2(d, pred) {
  const holds = functionOf("probability", pred);
  if (d instanceof Posterior) return d.probability(holds);
  const { values, probabilities } = listedSupport("probability", distributionOf("probability", d));
  let sum2 = 0;
  for (let i = 0; i < values.length; i++) if (probabilities[i] > 0 && holds(values[i])) sum2 += probabilities[i];
  return Math.min(1, sum2);
}
function mode(d) {
  if (d instanceof Posterior) return d.mode();
  const { values, probabilities } = listedSupport("mode", distributionOf("mode", d));
  let best = 0;
  for (let i = 1; i < values.length; i++) if (probabilities[i] > probabilities[best]) best = i;
  return values[best];
}
function quantile(d, q) {
  if (!(q >= 0 && q <= 1)) throw new RunError("PGLR057", `quantile: the level is between 0 and 1, not ${q}.`);
  const distribution = distributionOf("quantile", d);
  if (distribution.quantile !== void 0) return distribution.quantile(q);
  const { kind } = distribution.support;
  if (kind !== "finite" && kind !== "countable") {
    throw new RunError("PGLR055", `quantile is not available for ${distribution.name} in this version.`, {
      hint: "Infer a model that draws from it, and take the quantile of the posterior."
    });
  }
  const { values, probabilities } = listedSupport("quantile", distribution);
  const order = values.map((value, i) => ({ x: numberOf("quantile", distribution.name, value), p: probabilities[i] })).filter(({ p }) => p > 0).sort((a, b) => a.x - b.x);
  let sum2 = 0;
  for (const { x, p } of order) if ((sum2 += p) >= q - ROUNDING4) return x;
  return order[order.length - 1].x;
}
var ROUNDING4 = 1e-12;
function entropy(d) {
  const { probabilities } = listedSupport("entropy", distributionOf("entropy", d));
  let sum2 = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i];
    if (p > 0) sum2 -= p * Math.log(p);
  }
  return Math.max(0, sum2);
}
var onDistributions = {
  where: (d, pred) => where(d, functionOf("where", pred)),
  tempered: (d, t) => tempered(d, t),
  top_k: (d, k) => topK(d, k),
  top_p: (d, p) => topP(d, p),
  mix: (weights, dists) => mixture(weights, dists),
  log_prob,
  mean,
  variance,
  support,
  probability: probability2,
  mode,
  quantile,
  entropy,
  log_z: (p) => posteriorOf("log_z", p).logZ.estimate,
  ess: (p) => posteriorOf("ess", p).diagnostics.ess
};

// ../runtime/src/builtins/lists.ts
var sort = (xs) => listOf("sort", xs).slice().sort(compare);
function sort_by(xs, key) {
  const by = functionOf("sort_by", key);
  return listOf("sort_by", xs).map((x) => ({ x, k: by(x) })).sort((a, b) => compare(a.k, b.k)).map(({ x }) => x);
}
function unique(xs) {
  const first = /* @__PURE__ */ new Map();
  for (const x of listOf("unique", xs)) {
    const key = hashKey(x);
    if (!first.has(key)) first.set(key, x);
  }
  return [...first.values()];
}
function zip(xs, ys) {
  const length = Math.min(listOf("zip", xs).length, listOf("zip", ys).length);
  return Array.from({ length }, (_, i) => [xs[i], ys[i]]);
}
function range(a, b) {
  const length = Math.max(0, Math.ceil(b - a));
  checkLength("range", length);
  return Array.from({ length }, (_, i) => a + i);
}
function fill(n, x) {
  checkLength("fill", n);
  return new Array(Math.max(0, Math.trunc(n))).fill(x);
}
function set(xs, i, x) {
  checkIndex("set", i, listOf("set", xs).length);
  const copy = xs.slice();
  copy[i] = x;
  return copy;
}
function push(xs, x) {
  const copy = listOf("push", xs).slice();
  copy.push(x);
  return copy;
}
function flat_map(xs, f) {
  const each = functionOf("flat_map", f);
  return listOf("flat_map", xs).flatMap((x) => listOf("flat_map", each(x)));
}
function find(xs, p) {
  const holds = functionOf("find", p);
  for (const x of listOf("find", xs)) if (holds(x)) return x;
  return null;
}
function group_by(xs, key) {
  const by = functionOf("group_by", key);
  const groups = /* @__PURE__ */ new Map();
  for (const x of listOf("group_by", xs)) {
    const k = by(x);
    const id = hashKey(k);
    const group = groups.get(id);
    if (group === void 0) groups.set(id, { key: k, members: [x] });
    else group.members.push(x);
  }
  return ValueMap.from(Array.from(groups.values(), ({ key: k, members }) => [k, members]));
}
var lists = {
  push,
  first: (xs) => listOf("first", xs).length === 0 ? null : xs[0],
  last: (xs) => listOf("last", xs).length === 0 ? null : xs[xs.length - 1],
  sort,
  sort_by,
  unique,
  zip,
  indexed: (xs) => listOf("indexed", xs).map((x, i) => [i, x]),
  range,
  fill,
  set,
  group_by,
  // With functions that neither draw nor wait; `frames` has the others.
  map: (xs, f) => {
    const each = functionOf("map", f);
    return listOf("map", xs).map((x) => each(x));
  },
  filter: (xs, p) => {
    const holds = functionOf("filter", p);
    return listOf("filter", xs).filter((x) => holds(x));
  },
  fold: (xs, init, f) => {
    const step = functionOf("fold", f);
    let acc = init;
    for (const x of listOf("fold", xs)) acc = step(acc, x);
    return acc;
  },
  flat_map,
  any: (xs, p) => {
    const holds = functionOf("any", p);
    return listOf("any", xs).some((x) => holds(x));
  },
  all: (xs, p) => {
    const holds = functionOf("all", p);
    return listOf("all", xs).every((x) => holds(x));
  },
  find,
  each: (xs, f) => {
    const call = functionOf("each", f);
    for (const x of listOf("each", xs)) call(x);
  }
};

// ../runtime/src/builtins/maps.ts
function mapOf(operation, value) {
  if (!(value instanceof ValueMap)) throw wrongKind(operation, "a map", value);
  return value;
}
var maps = {
  /** The value of the key, or none. */
  get: (m, k) => {
    const value = mapOf("get", m).get(k);
    return value === void 0 && !m.has(k) ? null : value;
  },
  has: (m, k) => mapOf("has", m).has(k),
  put: (m, k, v) => mapOf("put", m).put(k, v),
  remove: (m, k) => mapOf("remove", m).remove(k),
  keys: (m) => mapOf("keys", m).keys(),
  values: (m) => mapOf("values", m).values(),
  entries: (m) => mapOf("entries", m).entries()
};

// ../runtime/src/builtins/operators.ts
function int_div(a, b) {
  if (b === 0) throw divisionByZero("//", a);
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const rest = a % b;
    const whole2 = (a - rest) / b;
    return rest !== 0 && rest < 0 !== b < 0 ? whole2 - 1 : whole2 + 0;
  }
  return Math.floor(a / b) + 0;
}
function mod(a, b) {
  if (b === 0) throw divisionByZero("%", a);
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
}
var divisionByZero = (operator, a) => new RunError("PGLR057", `${a} ${operator} 0: division by zero.`, { hint: "Test the divisor first." });
var pow = (a, b) => a ** b;
function add(a, b) {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (typeof a === "object" && a !== null) {
    const plus = hooksOf(a)[plusSymbol];
    if (plus !== void 0) return plus.call(a, b);
    if (Array.isArray(a) && Array.isArray(b)) return concat(a, b);
  }
  if (isText(a) && isText(b)) return stringOf("+", a) + stringOf("+", b);
  throw new RunError("PGLR051", `${kindOf(a, true)} and ${kindOf(b)} cannot be added (${brief(a)} + ${brief(b)}).`, {
    hint: typeof a === "string" || typeof b === "string" ? "`${x}` inside a string puts a value into it." : void 0
  });
}
function concat(xs, ys) {
  if (!Array.isArray(xs)) throw wrongKind("concat", "a list", xs);
  if (!Array.isArray(ys)) throw wrongKind("concat", "a list", ys);
  return xs.concat(ys);
}
function at(collection, index) {
  if (Array.isArray(collection)) {
    const element2 = collection[index];
    if (element2 === void 0) checkIndex("", index, collection.length);
    return element2;
  }
  if (collection instanceof ValueMap) {
    const value = collection.get(index);
    if (value === void 0 && !collection.has(index)) throw missingKey(collection, index);
    return value;
  }
  throw wrongKind("An index", "a list or a map", collection);
}
function isIn(x, collection) {
  if (Array.isArray(collection)) {
    for (const element2 of collection) if (equal(element2, x)) return true;
    return false;
  }
  if (collection instanceof ValueMap) return collection.has(x);
  if (isText(collection)) return stringOf("in", collection).includes(stringOf("in", x));
  throw wrongKind("in", "a list, a map or a string", collection);
}
var map_of = (entries) => ValueMap.from(entries);
var operators = { equal, compare, text, int_div, mod, pow, add, concat, at, in: isIn, map_of };

// ../runtime/src/builtins/other.ts
function fail(message, site2) {
  throw new RunError("PGLR005", stringOf("fail", message), { site: site2 });
}
function unwrap(x) {
  if (x === null) {
    throw new RunError("PGLR059", "unwrap: the value is none.", { hint: "`x ?? other` gives a value in its place." });
  }
  return x;
}
var other = { fail, show, unwrap, is_none: (x) => x === null };

// ../runtime/src/builtins/code-points.ts
var SURROGATE = /[\ud800-\udfff]/;
var codePoints = (s) => SURROGATE.test(s) ? Array.from(s) : s.split("");
function codePointCount(s) {
  if (!SURROGATE.test(s)) return s.length;
  let count4 = 0;
  for (const _ of s) count4++;
  return count4;
}
var codePointOffset = (s, unit) => codePointCount(s.slice(0, unit));
var codePointSlice = (s, from, to) => SURROGATE.test(s) ? Array.from(s).slice(from, to).join("") : s.slice(from, to);

// ../runtime/src/builtins/sequences.ts
function len(x) {
  if (Array.isArray(x)) return x.length;
  if (typeof x === "string") return codePointCount(x);
  if (x instanceof ValueMap) return x.size;
  if (isText(x)) return codePointCount(stringOf("len", x));
  throw wrongKind("len", "a string, a list or a map", x);
}
function contains(collection, x) {
  if (Array.isArray(collection)) return collection.some((element2) => equal(element2, x));
  return stringOf("contains", collection).includes(stringOf("contains", x));
}
function count3(collection, x) {
  let found = 0;
  if (Array.isArray(collection)) {
    for (const element2 of collection) if (equal(element2, x)) found++;
    return found;
  }
  const s = stringOf("count", collection);
  const sub = stringOf("count", x);
  if (sub === "") throw new RunError("PGLR057", "count: the string to count is empty.");
  for (let at2 = s.indexOf(sub); at2 >= 0; at2 = s.indexOf(sub, at2 + sub.length)) found++;
  return found;
}
function index_of(collection, x) {
  if (Array.isArray(collection)) {
    const at3 = collection.findIndex((element2) => equal(element2, x));
    return at3 < 0 ? null : at3;
  }
  const s = stringOf("index_of", collection);
  const at2 = s.indexOf(stringOf("index_of", x));
  return at2 < 0 ? null : codePointOffset(s, at2);
}
function reverse(x) {
  if (Array.isArray(x)) return x.slice().reverse();
  return codePoints(stringOf("reverse", x)).slice().reverse().join("");
}
function slice(x, from, to) {
  if (Array.isArray(x)) {
    const [start2, end2] = bounds(x.length, from, to);
    return x.slice(start2, end2);
  }
  const s = stringOf("slice", x);
  const [start, end] = bounds(codePointCount(s), from, to);
  return codePointSlice(s, start, end);
}
function bounds(length, from, to) {
  const place = (i) => Math.min(length, Math.max(0, i < 0 ? length + i : i));
  const start = place(from);
  return [start, Math.max(start, to === void 0 || to === null ? length : place(to))];
}
var take = (xs, n) => listOf("take", xs).slice(0, Math.max(0, n));
var drop = (xs, n) => listOf("drop", xs).slice(Math.max(0, n));
var sequences = { len, contains, count: count3, index_of, reverse, slice, take, drop };

// ../runtime/src/builtins/strings.ts
var separated = (operation, s, separator) => {
  const sep2 = stringOf(operation, separator);
  return sep2 === "" ? codePoints(stringOf(operation, s)) : stringOf(operation, s).split(sep2);
};
var strings = {
  starts_with: (s, sub) => stringOf("starts_with", s).startsWith(stringOf("starts_with", sub)),
  ends_with: (s, sub) => stringOf("ends_with", s).endsWith(stringOf("ends_with", sub)),
  /** The parts between the separators; between all characters when the separator is empty. */
  split: (s, sep2) => separated("split", s, sep2),
  /** Ended by LF or CRLF; a text that ends with one has an empty last line. */
  lines: (s) => stringOf("lines", s).split(/\r?\n/),
  /** The runs of characters that are not white space. */
  words: (s) => stringOf("words", s).match(/\S+/gu) ?? [],
  /** The code points. */
  chars: (s) => codePoints(stringOf("chars", s)),
  join: (xs, sep2 = "") => listOf("join", xs).map((x) => stringOf("join", x)).join(stringOf("join", sep2)),
  lower: (s) => stringOf("lower", s).toLowerCase(),
  upper: (s) => stringOf("upper", s).toUpperCase(),
  trim: (s) => stringOf("trim", s).trim(),
  /** Every `from` by `to`; an empty `from` stands between all characters. */
  replace: (s, from, to) => separated("replace", s, from).join(stringOf("replace", to)),
  /** @throws RunError PGLR057 when n is negative or the result too long. */
  repeat: (s, n) => {
    const part = stringOf("repeat", s);
    if (!(Number.isInteger(n) && n >= 0)) {
      throw new RunError("PGLR057", `repeat: ${n} is not a number of times.`, { hint: "It must be 0, 1, 2, \u2026" });
    }
    checkLength("repeat", part.length * n);
    return part.repeat(n);
  },
  /** What `${x}` shows. */
  string: (x) => text(x)
};

// ../runtime/src/builtins/frames.ts
var grow = (list, value) => ({ value, length: (list?.length ?? 0) + 1, before: list });
function toArray(list) {
  const array = new Array(list?.length ?? 0);
  for (let node = list; node !== null; node = node.before) array[node.length - 1] = node.value;
  return array;
}
var OverList = class extends Frame {
  constructor(xs, callee) {
    super();
    this.xs = xs;
    this.callee = callee;
  }
  xs;
  callee;
  index = 0;
  argumentsFor(x) {
    return [x];
  }
  step(particle) {
    if (this.pc === 1) {
      this.pc = 0;
      const enough = this.take(particle.value);
      this.index++;
      if (enough) return particle.return(this.result());
    }
    if (this.index >= this.xs.length) return particle.return(this.result());
    this.pc = 1;
    return enterAny(particle, this.callee, this.argumentsFor(this.xs[this.index]));
  }
  copy() {
    const twin = this.fresh();
    twin.index = this.index;
    return twin;
  }
};
var MapFrame = class _MapFrame extends OverList {
  grown = null;
  take(answer) {
    this.grown = grow(this.grown, answer);
    return false;
  }
  result() {
    return toArray(this.grown);
  }
  fresh() {
    const twin = new _MapFrame(this.xs, this.callee);
    twin.grown = this.grown;
    return twin;
  }
};
var FlatMapFrame = class _FlatMapFrame extends OverList {
  grown = null;
  take(answer) {
    this.grown = grow(this.grown, listOf("flat_map", answer));
    return false;
  }
  result() {
    return toArray(this.grown).flat(1);
  }
  fresh() {
    const twin = new _FlatMapFrame(this.xs, this.callee);
    twin.grown = this.grown;
    return twin;
  }
};
var FilterFrame = class _FilterFrame extends OverList {
  grown = null;
  take(answer) {
    if (answer === true) this.grown = grow(this.grown, this.xs[this.index]);
    return false;
  }
  result() {
    return toArray(this.grown);
  }
  fresh() {
    const twin = new _FilterFrame(this.xs, this.callee);
    twin.grown = this.grown;
    return twin;
  }
};
var FoldFrame = class _FoldFrame extends OverList {
  constructor(xs, accumulated, callee) {
    super(xs, callee);
    this.accumulated = accumulated;
  }
  accumulated;
  argumentsFor(x) {
    return [this.accumulated, x];
  }
  take(answer) {
    this.accumulated = answer;
    return false;
  }
  result() {
    return this.accumulated;
  }
  fresh() {
    return new _FoldFrame(this.xs, this.accumulated, this.callee);
  }
};
var SearchFrame = class _SearchFrame extends OverList {
  constructor(xs, callee, stopAt, answer) {
    super(xs, callee);
    this.stopAt = stopAt;
    this.answer = answer;
  }
  stopAt;
  answer;
  stopped = false;
  take(answer) {
    this.stopped = answer === this.stopAt;
    return this.stopped;
  }
  result() {
    return this.answer(this.stopped, this.stopped ? this.xs[this.index - 1] : null);
  }
  fresh() {
    const twin = new _SearchFrame(this.xs, this.callee, this.stopAt, this.answer);
    twin.stopped = this.stopped;
    return twin;
  }
};
var EachFrame = class _EachFrame extends OverList {
  take() {
    return false;
  }
  result() {
    return void 0;
  }
  fresh() {
    return new _EachFrame(this.xs, this.callee);
  }
};
var ValueFrame = class _ValueFrame extends Frame {
  constructor(value) {
    super();
    this.value = value;
  }
  value;
  step(particle) {
    return particle.return(this.value);
  }
  copy() {
    return new _ValueFrame(this.value);
  }
};
var stopped = (yes) => yes;
var notStopped = (yes) => !yes;
var element = (_, x) => x;
var frames = {
  map: (xs, f) => new MapFrame(listOf("map", xs), f),
  filter: (xs, p) => new FilterFrame(listOf("filter", xs), p),
  fold: (xs, init, f) => new FoldFrame(listOf("fold", xs), init, f),
  flat_map: (xs, f) => new FlatMapFrame(listOf("flat_map", xs), f),
  any: (xs, p) => new SearchFrame(listOf("any", xs), p, true, stopped),
  all: (xs, p) => new SearchFrame(listOf("all", xs), p, false, notStopped),
  find: (xs, p) => new SearchFrame(listOf("find", xs), p, true, element),
  each: (xs, f) => new EachFrame(listOf("each", xs), f),
  /** log density (or mass) of a value, in nats; of a text or token distribution the model is asked for it. */
  log_prob: (d, value) => d.kind === "process" ? d.logDensity(value) : new ValueFrame(d.logDensity(value))
};

// ../runtime/src/builtins/index.ts
var builtins = {
  ...operators,
  ...numbers,
  ...sequences,
  ...strings,
  ...lists,
  ...maps,
  ...onDistributions,
  ...other
};

export {
  PglError,
  RunError,
  MethodError,
  equalsSymbol,
  keySymbol,
  showSymbol,
  jsonSymbol,
  plusSymbol,
  textSymbol,
  hooksOf,
  ValueMap,
  compare,
  seeded,
  distributions,
  restrict,
  tensorEngineInUse,
  Frame,
  Op,
  enterAny,
  enter,
  hostCall,
  site,
  hostFunction,
  hostValue,
  RunEnvironment,
  smc,
  methods,
  defaultMethod,
  target,
  inferRequest,
  frames,
  builtins
};
//# sourceMappingURL=chunk-3EFK655J.js.map