/**
 * As much of vitest as the exact tests use, for running them in one process of their own against a changed source: groups,
 * tests one after the other, and vitest's own `expect`.
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

export interface Registered {
  readonly name: string;
  readonly run: Body;
}

let registered: Registered[] = [];
let group = "";

/** What has been registered since it was last asked. */
export function taken(): readonly Registered[] {
  const all = registered;
  registered = [];
  return all;
}

export function describe(name: string, body: () => void): void {
  const outer = group;
  group = `${outer}${name} > `;
  try {
    body();
  } finally {
    group = outer;
  }
}

/** Options are left aside: whoever runs a mutant bounds its time. */
export function test(name: string, second: Body | object, third?: Body): void {
  const run = third ?? (second as Body);
  registered.push({ name: group + name, run });
}

export const it = test;
export const expect = chai.expect as unknown as ExpectStatic;
(globalThis as Record<symbol, unknown>)[GLOBAL_EXPECT as unknown as symbol] = expect;
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect);
