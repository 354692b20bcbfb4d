import {
  isLowerBound,
  show,
  showSite,
  type Certificate,
  type ChainDiagnostics,
  type Maximum,
  type Posterior,
  type RunReport,
  type Warning,
} from "@pgl/core";
import { certificateMarkup } from "./certificate-view.js";
import { essPicture } from "./ess-picture.js";
import { histogramPicture } from "./histogram-picture.js";
import { element, fragment, type Child, type Markup } from "./markup.js";
import { summarise, type NumberSummary } from "./number-summary.js";
import { frameOf } from "./programs.js";
import { counted, duration, grouped, particles, percent, short } from "./numbers.js";
import { spreadPicture } from "./spread-picture.js";
import { framed } from "./style.js";
import { maximumTable, numbersTable, valuesTable } from "./table.js";
import { weightsPicture } from "./weights-picture.js";

export interface PosteriorViewOptions {
  /** Values listed at most; 12 by default. */
  readonly rows?: number;
}

/** A posterior, and how it came about when `infer` or `run` made it. */
export type Shown = Posterior<unknown> & {
  readonly run?: Pick<RunReport, "seed" | "time" | "lm">;
  readonly certificate?: Certificate | null;
};

/**
 * A posterior as a cell shows it: how it was found, log Z ± its standard error, ESS and warnings; a weighted table of its
 * values; and two pictures, of the weights and of the run. Many different numbers are a histogram with their mean and
 * quantiles. HTML that needs nothing from elsewhere.
 */
export function posteriorHtml(posterior: Shown, { rows = 12 }: PosteriorViewOptions = {}): string {
  const numbers = summarise(posterior);
  return framed(
    facts(posterior),
    posterior.certificate !== undefined && posterior.certificate !== null && certificateMarkup(posterior.certificate),
    warnings(posterior.diagnostics.warnings),
    posterior.isEmpty
      ? element("p", {}, emptiness(posterior))
      : numbers === null
        ? valuesTable(posterior, Math.max(1, rows))
        : numbersTable(numbers, posterior.atoms.length),
    posterior.diagnostics.maximum !== undefined &&
      !posterior.isEmpty &&
      maximumTable(posterior.diagnostics.maximum, rows),
    element("div", { class: "pgl-pictures" }, valuePictures(posterior, numbers), runPicture(posterior)),
  ).toString();
}

/**
 * The pictures of a posterior as SVG documents, for files and pages of one's own: of its values (more than one for records
 * of many different numbers), and of the run (empty where the method has nothing to draw of it).
 */
export function posteriorPictures(posterior: Shown): { readonly values: readonly string[]; readonly run: string } {
  return { values: valuePictures(posterior, summarise(posterior)).map(String), run: String(runPicture(posterior)) };
}

/** Histograms of so many components at most. */
const HISTOGRAMS = 4;

const valuePictures = (posterior: Shown, numbers: readonly NumberSummary[] | null): readonly Markup[] =>
  numbers === null
    ? [weightsPicture(posterior)]
    : numbers.slice(0, HISTOGRAMS).map((summary) => histogramPicture(summary, posterior.diagnostics.ess));

/** By step where the method has steps, by execution where it has none. Chains and maxima have no weights to show. */
const runPicture = (posterior: Shown): Markup =>
  posterior.diagnostics.chains !== null || posterior.diagnostics.maximum !== undefined
    ? fragment()
    : posterior.diagnostics.history.length > 0
      ? essPicture(posterior)
      : spreadPicture(posterior);

const emptiness = ({ diagnostics }: Shown): string =>
  diagnostics.partial
    ? "The posterior is empty: no execution had come to its end."
    : "The posterior is empty: no execution met the program's conditions.";

function facts(posterior: Shown): Markup {
  const { method, logZ, diagnostics, samples, run, approximations } = posterior;
  const { ess, executions, history, partial, unvisitedMass, distinctAncestors, chains, maximum } = diagnostics;
  const options = Object.entries(method.options)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}: ${show(value)}`);
  const error = logZ.exact ? " (exact)" : logZ.stderr === null ? "" : ` ± ${short(logZ.stderr, 2)}`;
  return element(
    "p",
    { class: "pgl-facts" },
    fact("", element("b", {}, `${method.name}(${options.join(", ")})`)),
    maximum !== undefined
      ? maximumFacts(maximum, executions)
      : [
          logZ.estimate !== null &&
            fact(
              logZ.sign === -1 ? "log −Z" : "log Z",
              isLowerBound(posterior)
                ? element("span", { title: "On average a lower bound of log Z" }, `${short(logZ.estimate)}${error}`)
                : `${short(logZ.estimate)}${error}`,
            ),
          chains !== null
            ? chainFacts(chains)
            : method.name === "marginal"
              ? fact("states", grouped(executions))
              : sizeFacts(method.options, samples.length, ess, executions),
        ],
    history.length > 0 && fact("steps", grouped(history.length)),
    distinctAncestors !== null && fact("ancestors", grouped(distinctAncestors)),
    unvisitedMass > 0 && fact("not visited", percent(unvisitedMass)),
    run !== undefined && [
      run.lm.calls > 0 && fact("model", `${counted(run.lm.calls, "call")}, ${counted(run.lm.tokens, "token")}`),
      fact("time", duration(run.time.total)),
      fact("seed", String(run.seed)),
    ],
    approximations.map(({ draw, kind }) => fact("approximate", `${draw} is drawn from a ${kind}`)),
    partial && element("span", {}, element("b", {}, "ended early")),
  );
}

/** Where particles are moved or tried again, many executions stand behind few of them. */
function sizeFacts(
  { particles: count, islands = 1 }: Readonly<Record<string, unknown>>,
  samples: number,
  ess: number,
  executions: number,
): readonly Child[] {
  const inAll = typeof count === "number" && typeof islands === "number" ? count * islands : executions;
  // Where the particles of parts are put together there are more in the end.
  const size = ess > inAll ? samples : inAll;
  return [
    fact("ESS", `${particles(ess)} of ${grouped(size)}`),
    executions > size && fact("executions", grouped(executions)),
  ];
}

/** Chains have no log Z to show; what says how far to trust them is whether they agree, and how many draws they are worth. */
function chainFacts({ count, draws, acceptance, rHat, essBulk, summary }: ChainDiagnostics): readonly Markup[] {
  const kept = count * draws;
  return [
    ...(rHat === null ? [] : [fact("R-hat", element("span", { title: `Of ${summary}` }, rHat.toFixed(3)))]),
    essBulk === null ? fact("draws", grouped(kept)) : fact("ESS", `${particles(essBulk)} of ${grouped(kept)} draws`),
    fact("chains", grouped(count)),
    fact("accepted", percent(acceptance)),
  ];
}

function maximumFacts({ logValue, logEvidence, policy }: Maximum, states: number): readonly Child[] {
  return [
    fact("", "an exact maximum, not the posterior"),
    fact("log max", `${short(logValue)} (exact)`),
    policy.length === 0 && fact("probability", short(Math.exp(logValue - logEvidence))),
    fact("log Z", short(logEvidence)),
    fact("states", grouped(states)),
  ];
}

const fact = (name: string, value: string | Markup): Markup =>
  element("span", {}, name !== "" && element("i", {}, `${name} `), value);

const warnings = (found: readonly Warning[]): Markup =>
  found.length === 0
    ? fragment()
    : element(
        "ul",
        { class: "pgl-notes", "aria-label": "Warnings" },
        found.map((warning) => {
          const { code, message, site, count } = warning;
          const frame = frameOf(warning);
          return element(
            "li",
            {},
            element("b", {}, code),
            ` ${message}`,
            site !== undefined &&
              !message.includes(showSite(site)) &&
              element("span", { class: "pgl-more" }, ` ${showSite(site)}`),
            count > 1 && element("span", { class: "pgl-more" }, ` (${grouped(count)} times)`),
            frame !== undefined && element("pre", { class: "pgl-frame" }, frame),
          );
        }),
      );

/** A posterior inside another value: one line. */
export function posteriorLine(posterior: Shown): string {
  const [first] = posterior.atoms;
  if (first === undefined) return "[posterior: empty]";
  return `[posterior of ${counted(posterior.atoms.length, "value")}; ${show(first.value)}: ${percent(first.weight)}]`;
}
