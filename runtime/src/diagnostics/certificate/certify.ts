import { MethodError, PglError } from "../../errors.js";
import type { RunEnvironment } from "../../inference/environment.js";
import type { Method, SequentialPlan, Target } from "../../inference/method.js";
import type { Posterior } from "../../inference/posterior.js";
import { differenceOf, estimateOf, fromBelow, shifted, sumOf, type Estimate } from "../bounds/estimate.js";
import { repeatRuns, type Repeated, type Repetition } from "../bounds/runs.js";
import { exactCertificate, noCertificate, statementOf, type Certificate } from "./certificate.js";
import { driven, Ended } from "./driven.js";
import { exactSource, type ExactSource } from "./exact-source.js";
import { checkCertifyOptions, type CertifyOptions, type CertifySettings } from "./options.js";

/**
 * How far is the law of a value drawn from a run of the method from the posterior? Repeats the run, and the run given an
 * exact draw of the posterior (conditional sequential Monte Carlo): by Zhao, Brekelmans, Makhzani & Grosse 2024 (arXiv
 * 2404.17546, prop. 5.1; after Grosse, Ancha & Roy 2016, bidirectional Monte Carlo) the mean log Ẑ of the former is below
 * log Z, that of the latter above, and the difference bounds KL(q‖σ) + KL(σ‖q). Without resampling the two are the
 * importance-weighted bounds.
 *
 * A run can lose all its executions: Ẑ = 0 and E[log Ẑ] = −∞. Let S be that it does not, and q the law given S, which is
 * what somebody sees who sees a value. Then
 *
 *     KL(q‖σ) ≤ log Z − E[log Ẑ | S] − log P(S)      KL(σ‖q) ≤ E_σ[log Ẑ] − log Z + log P(S),
 *
 * so that log P(S) is in each of the bounds, and in E[log Ẑ | S] + log P(S) ≤ log Z, but not in their sum.
 *
 * Guaranteed are the inequalities between expectations; the numbers are their estimates, with standard errors. What is said
 * is about one value: more values of one run depend on each other.
 *
 * @param posterior what the run gave whose law is asked for; null when there was none.
 * @returns a certificate, or the reasons why there is none. Errors of the program while it is repeated are such reasons.
 * @throws MethodError PGLR030 or PGLR034 for options out of range or that it has not.
 */
export async function certify(
  program: Target,
  method: Method,
  posterior: Posterior<unknown> | null,
  environment: RunEnvironment,
  options: CertifyOptions = {},
): Promise<Certificate> {
  const settings = checkCertifyOptions(options);
  const plan = planFor(method, posterior);
  if ("kind" in plan) return plan;
  try {
    const own = plan.program?.(program) ?? program;
    const source = await exactSource(own, environment, settings);
    if ("kind" in source) return source;
    return await bounds(own, plan, source, environment, settings);
  } catch (error) {
    if (error instanceof Ended) return noCertificate([error.message.replace("It", "it")], error.hint!);
    if (error instanceof DOMException && error.name === "AbortError")
      return noCertificate(["it was ended before there was anything to show"], "Give it more time.");
    if (error instanceof PglError) return noCertificate([`the program failed: ${error.message}`], error.hint ?? "");
    throw error;
  }
}

const TAKE_SMC = "Use smc or importance (without `moves` and `proposal`): both can be given an exact draw.";

/** How the method's runs are repeated; or the certificate that needs no repetition, or the reason why there is none. */
function planFor(method: Method, posterior: Posterior<unknown> | null): SequentialPlan | Certificate {
  const { name, guarantee, sequential } = method;
  if (posterior?.isEmpty === true)
    return noCertificate(["the run has lost all its executions, so there is no sample"], "Use more particles.");
  if (posterior?.diagnostics.partial === true)
    return noCertificate(
      ["the run was ended early, and has another law than a complete one"],
      "Let it come to its end.",
    );
  if (guarantee === "maximum") return noCertificate([`${name} gives a maximum, not a sample`], "Use enumerate or smc.");
  if (name === "enumerate") {
    if (posterior?.logZ.exact === true) return exactCertificate("every execution was visited");
    return posterior?.diagnostics.unvisitedMass === 0
      ? noCertificate(
          ["every execution was visited, but an inference inside the program is answered at random"],
          "Use an exact method inside too: infer … using marginal().",
        )
      : noCertificate(
          ["enumeration has not visited every execution: its posterior lacks some, so KL(σ‖q) may be infinite"],
          "Lower `tolerance`, raise `max_traces`, or use smc.",
        );
  }
  if (guarantee === "exact") return exactCertificate(`${name} finds it exactly`);
  if (name === "rejection")
    return exactCertificate("executions accepted by rejection are exact draws, if no weight exceeds `bound`");
  if (sequential === undefined) {
    return noCertificate(
      [
        guarantee === "unbiased"
          ? `no run of ${name} that is given an exact draw of the posterior is known here, so there is no upper bound`
          : `${name} has no unbiased estimate of Z, which the bounds are made of`,
      ],
      TAKE_SMC,
    );
  }
  if (sequential.moves > 0)
    return noCertificate(["a run whose particles are moved cannot be given an exact draw"], TAKE_SMC);
  if (sequential.proposal !== undefined)
    return noCertificate(["a run with a whole-trace proposal cannot be given an exact draw"], TAKE_SMC);
  return sequential;
}

/** The stream of the runs: `exactSource` uses others. */
const RUNS = 2;

async function bounds(
  program: Target,
  plan: SequentialPlan,
  source: ExactSource,
  environment: RunEnvironment,
  { repetitions, onProgress }: CertifySettings,
): Promise<Certificate> {
  const made: Repetition[] = [];
  for (let i = 0; i < repetitions; i++) made.push(await source.repetition(i, environment.random.split(RUNS).split(i)));
  let found: readonly Repeated[];
  try {
    found = await driven(repeatRuns(program, plan, made), environment, (done) =>
      onProgress?.({ phase: "runs", done, total: repetitions }),
    );
  } catch (error) {
    if (error instanceof PglError && error.code === "PGLR101")
      return noCertificate([`simulation: ${error.message}`], error.hint!);
    if (!(error instanceof MethodError && error.code === "PGLR089")) throw error;
    return noCertificate(
      ["the method cannot make an execution that the posterior can: a proposal leaves it out, and KL(σ‖q) is infinite"],
      "A proposal must have positive density wherever the posterior has.",
    );
  }
  return certificateOf(found, source);
}

/** Puts the repetitions together. See `certify` for the formulas. */
function certificateOf(found: readonly Repeated[], { by, looked, logZ }: ExactSource): Certificate {
  const repetitions = found.length;
  const { survived, alive, survival, lower } = fromBelow(found.map(({ free }) => free!));
  const of = by === "simulation" ? "simulated data" : "posterior";
  if (survived === 0 || (survived < repetitions && of === "simulated data")) {
    return noCertificate(
      [
        survived === 0
          ? `all of ${repetitions} runs lost all their executions`
          : `${repetitions - survived} of ${repetitions} runs on simulated data lost all their executions, and how often differs between data`,
      ],
      "Use more particles, a proposal or a twist.",
    );
  }
  const upper = estimateOf(found.map(({ given }) => given!));
  const divergence =
    // Both runs of a repetition were on the same data.
    of === "simulated data" ? estimateOf(found.map((r) => r.given! - r.free!)) : differenceOf(upper, alive);
  const deaths = found.some((r) => r.deaths);
  return {
    kind: "bounds",
    statement: statementOf({ of, divergence, deaths, survived, repetitions }),
    of,
    exactDraws: { by, looked },
    repetitions,
    survived,
    deaths,
    logZ: { exact: logZ, mean: estimateOf(found.map(({ free }) => free!)), lower, upper },
    divergence,
    towardsPosterior: logZ === null ? null : shifted(negated(lower), logZ),
    fromPosterior: logZ === null ? null : sumOf(shifted(upper, -logZ), survival),
  };
}

const negated = ({ estimate, stderr }: Estimate): Estimate => ({ estimate: -estimate, stderr });
