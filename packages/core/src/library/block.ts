import { type Drawable } from "@pgl/runtime";
import { pure, sample } from "./operations.js";
import { Program } from "./program.js";

type With<E, N extends string, T> = { readonly [K in keyof E | N]: K extends N ? T : K extends keyof E ? E[K] : never };

/**
 * A program written line by line, as a block of PGL is: each line may use the names of the lines before it, and their
 * types are known.
 *
 * ```ts
 * begin()
 *   .draw("fair", bernoulli(0.5))
 *   .bind("p", ({ fair }) => (fair ? pure(0.5) : sample(beta(5, 1))))
 *   .do(({ p }) => forEach(flips, (flip) => observe(bernoulli(p), flip)))
 *   .return(({ fair }) => fair);
 * ```
 */
export class Block<E extends object> {
  /** @internal */
  constructor(private readonly lines: Program<E>) {}

  /** `let name ~ distribution`: a draw recorded under its name. */
  draw<N extends string, T>(
    name: N,
    distribution: Drawable<T> | ((names: E) => Drawable<T>),
    options: { readonly proposal?: Drawable<T> | ((names: E) => Drawable<T>) } = {},
  ): Block<With<E, N, T>> {
    return this.bind(name, (names) => {
      const proposal = options.proposal === undefined ? undefined : given(options.proposal, names);
      return sample(given(distribution, names), proposal === undefined ? { name } : { name, proposal });
    });
  }

  /** `let name = program(…)`: runs a program and names its result. */
  bind<N extends string, T>(name: N, program: Program<T> | ((names: E) => Program<T>)): Block<With<E, N, T>> {
    return new Block<With<E, N, T>>(
      this.lines.chain((names) =>
        (program instanceof Program ? program : program(names)).map(
          (value) => ({ ...names, [name]: value }) as With<E, N, T>,
        ),
      ),
    );
  }

  /** `let name = value`, deterministic. */
  let<N extends string, T>(name: N, value: (names: E) => T): Block<With<E, N, T>> {
    return new Block<With<E, N, T>>(this.lines.map((names) => ({ ...names, [name]: value(names) }) as With<E, N, T>));
  }

  /** Runs a program for its draws and weights; its result is not kept. */
  do(program: Program<unknown> | ((names: E) => Program<unknown>)): Block<E> {
    return new Block<E>(
      this.lines.chain((names) => (program instanceof Program ? program : program(names)).map(() => names)),
    );
  }

  /** Ends the block: its result is computed from the names. */
  return<R>(result: (names: E) => R): Program<R> {
    return this.lines.map(result);
  }

  /** Ends the block with a program of the names. */
  andThen<R>(result: (names: E) => Program<R>): Program<R> {
    return this.lines.chain(result);
  }
}

/** The first line of a block. */
export function begin(): Block<Record<never, never>> {
  return new Block(pure({}));
}

function given<T, E>(distribution: Drawable<T> | ((names: E) => Drawable<T>), names: E): Drawable<T> {
  return typeof distribution === "function" ? distribution(names) : distribution;
}
