import { isLowerBound, toJson, type Approximation, type ChainDiagnostics, type Method, type Result } from "@pgl/core";
import { certificateJson } from "./certificate.js";
import type { Note } from "./diagnostics.js";
import { placeOf, rangeOf, type Range, type Texts } from "./place.js";

/** The object that `pgl run --json` prints. Log weights are in nats, times in milliseconds. */
export interface RunJson {
  readonly query: string;
  readonly args: unknown;
  readonly method: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly seed: number;
  /** `estimate` is null for methods that estimate no log Z. */
  readonly logZ: {
    readonly estimate: number | string | null;
    readonly sign?: -1;
    readonly stderr: number | null;
    readonly exact: boolean;
    /** `in expectation`: E[log Ẑ] ≤ log Z. Null for other methods. */
    readonly lowerBound: "in expectation" | null;
  };
  /** The certificate that was asked for, or that cost little; null where there is none. See docs/certificates.md. */
  readonly certificate: unknown;
  readonly ess: number;
  /** Particles of the first generation that the final ones descend from; null for methods without ancestry. */
  readonly ancestors: number | null;
  /** How the Markov chains mixed; null for methods without chains. */
  readonly chains: ChainDiagnostics | null;
  readonly posterior: readonly { readonly value: unknown; readonly weight: number }[];
  /** What attains the maximum, for methods that find one. */
  readonly maximum?: unknown;
  /** Draws from an approximation of what the program names: from a product by `.local()`. */
  readonly approximations: readonly Approximation[];
  readonly partial: boolean;
  /** The texts that were drawn towards a twist. */
  readonly twists: readonly { readonly draw: string; readonly twist: string }[];
  readonly lm: { readonly calls: number; readonly tokens: number; readonly cachedTokens: number };
  readonly time: { readonly total: number; readonly lm: number };
  readonly engine: unknown;
  readonly warnings: readonly {
    readonly code: string;
    readonly message: string;
    readonly span: (Range & { readonly file: string }) | null;
  }[];
}

export function runJson(
  query: string,
  args: readonly unknown[],
  result: Result<unknown>,
  options: Method["options"],
  notes: readonly Note[],
  texts: Texts,
): RunJson {
  const { run, logZ, diagnostics, method, atoms } = result;
  return {
    query,
    args: toJson(args),
    method: { name: method.name, guarantee: method.guarantee, ...(toJson(options) as Record<string, unknown>) },
    seed: run.seed,
    logZ: {
      ...logZ,
      estimate: toJson(logZ.estimate) as number | string | null,
      lowerBound: isLowerBound(result) ? "in expectation" : null,
    },
    certificate: result.certificate === null ? null : certificateJson(result.certificate),
    ess: diagnostics.ess,
    ancestors: diagnostics.distinctAncestors,
    chains: diagnostics.chains,
    posterior: atoms.map(({ value, weight }) => ({ value: toJson(value), weight })),
    ...(diagnostics.maximum === undefined ? {} : { maximum: result.toJSON()["maximum"] }),
    approximations: result.approximations,
    partial: diagnostics.partial,
    lm: run.lm,
    twists: run.twists,
    time: run.time,
    engine: run.engine,
    warnings: notes.map((note) => ({ code: note.code, message: note.message, span: spanOf(note, texts) })),
  };
}

function spanOf({ site }: Note, texts: Texts): (Range & { readonly file: string }) | null {
  const place = site === undefined ? undefined : placeOf(site, texts);
  return place === undefined ? null : { file: place.file, ...rangeOf(texts.read(place.file) ?? "", place.span) };
}
