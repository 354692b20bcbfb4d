/**
 * As much of vitest as the exact tests use, for running them in one process of their own against a changed source: groups,
 * tables of tests, tests one after the other, and vitest's own `expect`.
 */
import {
  chai,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
  type ExpectStatic,
} from "@vitest/expect";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

type Body = () => unknown;
type Row = readonly unknown[];

export interface Registered {
  readonly name: string;
  readonly run: Body;
}

export interface RegisteredFile {
  readonly tests: readonly Registered[];
  /** To be run when the tests are over, however they came out. */
  readonly after: readonly Body[];
}

let registered: Registered[] = [];
let after: Body[] = [];
let group = "";

/** What has been registered since it was last asked. */
export function taken(): RegisteredFile {
  const file = { tests: registered, after };
  registered = [];
  after = [];
  return file;
}

/** A row is an argument list if it is a list. Names are not filled in: the number of the row tells rows apart. */
const spread = (row: unknown): Row => (Array.isArray(row) ? (row as Row) : [row]);

export const describe = Object.assign(
  (name: string, body: () => void): void => {
    const outer = group;
    group = `${outer}${name} > `;
    try {
      body();
    } finally {
      group = outer;
    }
  },
  {
    each:
      (rows: readonly unknown[]) =>
      (name: string, body: (...row: unknown[]) => void): void =>
        rows.forEach((row, i) => describe(`${name} (${i})`, () => body(...spread(row)))),
  },
);

/** Options are left aside: whoever runs a mutant bounds its time. */
export const test = Object.assign(
  (name: string, second: Body | object, third?: Body | number): void => {
    const run = typeof second === "function" ? (second as Body) : (third as Body);
    registered.push({ name: group + name, run });
  },
  {
    each:
      (rows: readonly unknown[]) =>
      (name: string, second: object, third?: object | number): void => {
        const body = (typeof second === "function" ? second : third) as (...row: unknown[]) => unknown;
        rows.forEach((row, i) => test(`${name} (${i})`, () => body(...spread(row))));
      },
  },
);

export const it = test;

/** Runs where it stands: before the tests that are registered after it, in the file's order. */
export function beforeAll(run: Body): void {
  registered.push({ name: `${group}(before all)`, run });
}

export function afterAll(run: Body): void {
  after.push(run);
}

export const expect = chai.expect as unknown as ExpectStatic;
(globalThis as Record<symbol, unknown>)[GLOBAL_EXPECT as unknown as symbol] = expect;
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect);
