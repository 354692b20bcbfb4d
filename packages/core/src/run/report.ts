import type { Certificate, Posterior } from "@pgl/runtime";
import type { ModelUsage } from "@pgl/lm";

/** How a posterior came about: all that is needed to get it again, and what it cost. */
export interface RunReport {
  /** The same seed, program, method, arguments and engines give the same posterior, bit for bit. */
  readonly seed: number;
  /** Milliseconds of wall-clock time; `lm` is the part spent in language models. */
  readonly time: { readonly total: number; readonly lm: number };
  readonly lm: Omit<ModelUsage, "time">;
  /** The texts that were drawn towards a twist. */
  readonly twists: readonly SpanTwistReport[];
  readonly engine: Engine;
}

/** What steered the draws of a text. */
export interface SpanTwistReport {
  /** The name of the draw. */
  readonly draw: string;
  readonly twist: string;
}

export interface Engine {
  readonly pgl: string;
  readonly node: string;
  /** The tensor engine this process has loaded; null when nothing has needed one. */
  readonly tensors: string | null;
  /** The models behind the aliases, with the identity of their vocabularies and what evaluates them, where it is a choice. */
  readonly lms: Readonly<
    Record<string, { readonly name: string; readonly vocabulary: string; readonly engine: string | null }>
  >;
}

/** What `infer` and `run` return: the posterior, under `run` how it came about, and its certificate if one was wanted. */
export type Result<R> = Posterior<R> & { readonly run: RunReport; readonly certificate: Certificate | null };

export function withReport<R>(posterior: Posterior<R>, run: RunReport, certificate: Certificate | null): Result<R> {
  return Object.defineProperties(posterior, {
    run: { value: Object.freeze(run), enumerable: false },
    certificate: { value: certificate, enumerable: false },
  }) as Result<R>;
}
