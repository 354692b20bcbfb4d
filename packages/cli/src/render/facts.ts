import { isLowerBound, type ChainDiagnostics, type Posterior } from "@pgl/core";
import { grouped, short } from "./number.js";
import type { Colors } from "./paint.js";

/** How good an answer is, in what the method knows of it: log Z and ESS of weighted executions, R-hat and ESS of chains. */
export function posteriorFacts(posterior: Posterior<unknown>, c: Colors): readonly string[] {
  const approximate = posterior.approximations.map(({ draw, kind }) =>
    c.yellow(`approximate: \`${draw}\` is drawn from a ${kind}`),
  );
  return [...methodFacts(posterior, c), ...approximate];
}

function methodFacts(posterior: Posterior<unknown>, c: Colors): readonly string[] {
  const { method, logZ, diagnostics, samples } = posterior;
  const { executions, ess, distinctAncestors, history, chains, maximum } = diagnostics;
  if (maximum !== undefined) {
    return [
      `log max ${c.bold(short(maximum.logValue))} (exact)`,
      ...(maximum.policy.length > 0
        ? []
        : [`probability ${c.bold(short(Math.exp(maximum.logValue - maximum.logEvidence)))}`]),
      `log Z ${short(maximum.logEvidence)}`,
      counted(executions, "state"),
    ];
  }
  const parts: string[] = [];
  if (logZ.estimate !== null) {
    const error = logZ.exact ? " (exact)" : logZ.stderr === null ? "" : ` ± ${short(logZ.stderr, 2)}`;
    const name = logZ.sign === -1 ? "log -Z" : "log Z";
    const bound = isLowerBound(posterior) ? c.dim(" (on average a lower bound)") : "";
    parts.push(`${name} ${c.bold(short(logZ.estimate))}${error}${bound}`);
  }
  if (chains !== null) return [...parts, ...chainFacts(chains, c)];
  // Where all executions are visited, how many there are says more than an effective number of them.
  if (method.name === "marginal") parts.push(counted(executions, "state"));
  else if (method.guarantee === "exact" || method.name === "enumerate") parts.push(counted(executions, "execution"));
  else parts.push(...sizeFacts(method.options, samples.length, ess, executions));
  // After a resampling the ESS counts copies; how many of the first particles are left says how far they spread.
  if (distinctAncestors !== null && history.some((step) => step.resampled)) {
    parts.push(counted(distinctAncestors, "ancestor"));
  }
  return parts;
}

/** Where particles are moved or tried again, many executions stand behind few of them. */
function sizeFacts(
  { particles, islands = 1 }: Readonly<Record<string, unknown>>,
  samples: number,
  ess: number,
  executions: number,
): readonly string[] {
  const particlesInAll =
    typeof particles === "number" && typeof islands === "number" ? particles * islands : executions;
  // Where the particles of parts are put together there are more in the end.
  const size = ess > particlesInAll ? samples : particlesInAll;
  return [
    `ESS ${ess < 1000 ? short(ess) : grouped(ess)} of ${grouped(size)}`,
    ...(executions > size ? [counted(executions, "execution")] : []),
  ];
}

/** Most chains have no log Z to show; what says how far to trust them is whether they agree, and how many draws they are worth. */
function chainFacts({ count, draws, acceptance, rHat, essBulk }: ChainDiagnostics, c: Colors): readonly string[] {
  const kept = count * draws;
  return [
    ...(rHat === null ? [] : [`R-hat ${c.bold(rHat.toFixed(3))}`]),
    essBulk === null ? counted(kept, "draw") : `ESS ${grouped(essBulk)} of ${counted(kept, "draw")}`,
    counted(count, "chain"),
    `${(acceptance * 100).toFixed(0)}% accepted`,
  ];
}

const counted = (n: number, noun: string): string => `${grouped(n)} ${noun}${n === 1 ? "" : "s"}`;
