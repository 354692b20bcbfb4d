import * as fc from "fast-check";
import { elaborate } from "./elaborate.js";
import type { ElaborateOptions, GeneratedProgram, ProgramSeed, StatementSeed } from "./seed.js";
import { printProgram } from "./print.js";

const tape = (maxLength: number): fc.Arbitrary<number[]> => fc.array(fc.nat(251), { maxLength, size: "max" });

const statement = (depth: number): fc.Arbitrary<StatementSeed> =>
  fc.record({
    tape: tape(28),
    body: depth === 0 ? fc.constant([]) : fc.array(statement(depth - 1), { maxLength: 3, size: "max" }),
  });

// Without fast-check's bias towards small values, which would make most programs trivial; they shrink all the same.
const seed: fc.Arbitrary<ProgramSeed> = fc.noBias(
  fc.record({
    helpers: fc.array(statement(1), { maxLength: 4, size: "max" }),
    opening: fc.array(tape(12), { maxLength: 3, size: "max" }),
    main: fc.array(statement(2), { minLength: 1, maxLength: 8, size: "max" }),
    result: tape(12),
    tables: tape(16),
    arguments: tape(3),
    guide: tape(6),
  }),
);

/**
 * Well-typed programs that end, with at most about 2^bits executions, as syntax trees. They shrink to fewer and simpler
 * statements. `bits` is 7 by default.
 */
export const programs = (options: Partial<ElaborateOptions> = {}): fc.Arbitrary<GeneratedProgram> =>
  seed.map((s) => legible(elaborate(s, { bits: 7, ...options })));

/** What fast-check shows of a counterexample is the program's text. */
const legible = (program: GeneratedProgram): GeneratedProgram =>
  Object.defineProperty(program, fc.toStringMethod, { value: () => `\n${printProgram(program)}` });

/** The program that a failing run of fast-check shows the seed and path of. */
export function replay(seedNumber: number, path: string, options: Partial<ElaborateOptions> = {}): GeneratedProgram {
  let found: GeneratedProgram | undefined;
  fc.check(
    fc.property(programs(options), (program) => {
      found = program;
      return false;
    }),
    { seed: seedNumber, path, endOnFailure: true },
  );
  if (found === undefined) throw new Error(`Nothing is at seed ${seedNumber}, path ${path}.`);
  return found;
}
