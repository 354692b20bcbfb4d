/** The syntax tree of a grammar. Offsets are into its text. */
export interface GrammarTree {
  readonly definitions: readonly Definition[];
  /** What may stand between terminals. */
  readonly ignored: readonly Pattern[];
  readonly imports: readonly Import[];
}

export interface Definition {
  readonly name: string;
  readonly at: number;
  readonly body: Pattern;
}

/** `%import common.WORD -> NAME`. */
export interface Import {
  readonly name: string;
  readonly as: string;
  readonly at: number;
}

export type Pattern =
  | { readonly kind: "string"; readonly text: string; readonly anyCase: boolean; readonly at: number }
  | { readonly kind: "range"; readonly low: string; readonly high: string; readonly at: number }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string; readonly at: number }
  | { readonly kind: "name"; readonly name: string; readonly at: number }
  | { readonly kind: "sequence"; readonly parts: readonly Pattern[]; readonly at: number }
  | { readonly kind: "choice"; readonly options: readonly Pattern[]; readonly at: number }
  /** `high` is infinite for no bound. */
  | {
      readonly kind: "repeat";
      readonly part: Pattern;
      readonly low: number;
      readonly high: number;
      readonly at: number;
    };

/** Names of terminals are in capitals. */
export const isTerminal = (name: string): boolean => /^_*[A-Z]/.test(name);
