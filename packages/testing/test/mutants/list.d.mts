/** An exact replacement in one source file that makes a block wrong. */
export interface Mutant {
  readonly block: string;
  readonly mistake: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly from: string;
  readonly to: string;
}
export declare const mutants: readonly Mutant[];
