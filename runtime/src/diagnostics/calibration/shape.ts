import { MethodError } from "../../errors.js";
import type { Particle } from "../../machine/particle.js";
import { showSite, type Site } from "../../machine/site.js";
import type { Observed } from "./observations.js";

/** @throws MethodError PGLR101 unless all simulations observe equally often in the same places. */
export function checkShape(simulations: readonly { readonly observed: Observed }[]): void {
  const first = simulations[0]!.observed;
  for (const { observed } of simulations) {
    for (const site of [...observed.keys(), ...first.keys()])
      same(site, observed.get(site)?.length ?? 0, first.get(site)?.length ?? 0);
  }
}

/**
 * Checks that a finished execution which was given these values has observed them all: one that observes less has a weight
 * that is no density of these values, and the posterior given them is another. (`Given` sees those that observe more.)
 *
 * @throws MethodError PGLR101.
 */
export function checkObservedAll({ ledger, lastDraw }: Particle, given: Observed): void {
  const left = new Map([...given].map(([site, values]) => [site, values.length] as const));
  for (let at = lastDraw; at >= 0; at = ledger.previous(at)) {
    const site = ledger.site(at);
    const wanted = left.get(site);
    if (wanted === undefined) continue;
    // The last that is recorded there says how many there were.
    same(site, (ledger.value(at) as number) + 1, wanted);
    left.delete(site);
  }
  for (const [site, wanted] of left) same(site, 0, wanted);
}

function same(site: Site, a: number, b: number): void {
  if (a === b) return;
  throw new MethodError(
    "PGLR101",
    `${showSite(site)} observes ${Math.min(a, b)} times in one execution and ${Math.max(a, b)} in another.`,
    {
      site,
      hint: "Data can be simulated only for programs whose number of observations does not depend on what they draw.",
    },
  );
}
