import type { Site } from "../../machine/site.js";
import type { Companion, Option, Taken } from "./companion.js";
import type { Choice } from "./maximum.js";
import type { ValueKeys } from "./value-keys.js";

interface Assignment {
  /** By site and visit, in the order of these names. */
  readonly entries: readonly (Choice & { readonly place: string; readonly key: string })[];
}

/**
 * The values that named draws have had so far. A draw is named by its site and by how often that has been visited before;
 * the order in which different sites are visited does not count.
 */
export class Assignments implements Companion {
  readonly start = 0;
  private readonly known: Assignment[] = [{ entries: [] }];
  private readonly numbers = new Map<string, number>([["", 0]]);
  /** Which of the names were met. */
  readonly met = new Set<string>();

  constructor(
    private readonly names: ReadonlySet<string>,
    private readonly keys: ValueKeys,
  ) {}

  take(companion: number, site: Site, options: readonly Option[]): readonly Taken[] {
    if (!this.names.has(site.name)) return options.map(({ logProbability }) => ({ companion, logProbability }));
    this.met.add(site.name);
    return options.map(({ value, logProbability }) => ({
      companion: this.extended(companion, site, value),
      logProbability,
    }));
  }

  /** The draws with their values; visits of a site in order. */
  choices(companion: number): readonly Choice[] {
    return this.known[companion]!.entries.map(({ site, value }) => ({ site, value }));
  }

  private extended(companion: number, site: Site, value: unknown): number {
    const { entries } = this.known[companion]!;
    let visit = 0;
    for (const entry of entries) if (entry.site.name === site.name) visit++;
    const place = `${site.name} ${String(visit).padStart(9, "0")}`;
    const key = `${place.length}:${place}${this.keys.of(value)}`;
    const at = entries.findIndex((entry) => entry.place > place);
    const cut = at < 0 ? entries.length : at;
    const extended = [...entries.slice(0, cut), { site, value, place, key }, ...entries.slice(cut)];
    const text = extended.map((entry) => entry.key).join("");
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.known.length;
      this.known.push({ entries: extended });
      this.numbers.set(text, number);
    }
    return number;
  }
}
