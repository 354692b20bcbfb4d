import type { Environment } from "@pgl/runtime";
import { inOrder, timesOver } from "./automata/combine.js";
import { checkConstraint, type Compiled, type Constraint, TextConstraint } from "./constraint.js";
import { ConstraintError } from "./errors.js";

/**
 * A text of each constraint, one after the other; the empty text for none. The text may be cut in any way.
 * @throws ConstraintError PGLC003 for what is no constraint.
 */
export function sequence(...parts: readonly Constraint[]): Constraint {
  parts.forEach(checkConstraint);
  const description = `sequence(${parts.map((p) => p.describe()).join(", ")})`;
  return new TextConstraint(
    description,
    (text, environment) => {
      const cuts = cutsOf(text);
      let reached: readonly number[] = [0];
      for (const part of parts) reached = after(part, text, cuts, reached, environment);
      return reached.includes(text.length);
    },
    () => {
      const all = parts.map((p) => p.compiled());
      if (!all.every((c): c is Compiled => c !== null)) return null;
      return {
        recogniser: inOrder(
          all.map((c) => c.recogniser),
          description,
        ),
        decides: all.every((c) => c.decides),
      };
    },
    identityOf("sequence", parts, ""),
  );
}

/**
 * `low` to `high` texts of a constraint, one after the other, with a text of `separator` between them.
 * @throws ConstraintError PGLC003 for what is no constraint, PGLC002 for a range that is none.
 */
export function repeated(part: Constraint, low: number, high: number, separator?: Constraint): Constraint {
  checkConstraint(part);
  if (separator !== undefined) checkConstraint(separator);
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
  if (!isCount(low) || !(isCount(high) || high === Infinity) || low > high) {
    throw new ConstraintError(
      "PGLC002",
      `\`repeated\` needs a range of whole numbers, the smaller first and none negative, not ${low}..${high}.`,
    );
  }
  const between = separator === undefined ? "" : `, ${separator.describe()}`;
  const times = `${low}..${high === Infinity ? "inf" : high}`;
  const description = `repeated(${part.describe()}, ${times}${between})`;
  return new TextConstraint(
    description,
    (text, environment) => {
      const cuts = cutsOf(text);
      if (low === 0 && text === "") return true;
      if (high === 0) return text === "";
      let reached: readonly number[] = after(part, text, cuts, [0], environment);
      const seen = new Set<string>();
      for (let n = 1; reached.length > 0; n++) {
        if (n >= low && reached.includes(text.length)) return true;
        if (n === high) return false;
        // The same places again, and enough of them: nothing new comes.
        const key = reached.join();
        if (n >= low && seen.has(key)) return false;
        if (n >= low) seen.add(key);
        const ready = separator === undefined ? reached : after(separator, text, cuts, reached, environment);
        reached = after(part, text, cuts, ready, environment);
      }
      return false;
    },
    () => {
      const one = part.compiled();
      const other = separator?.compiled();
      if (one === null || other === null) return null;
      const decides = one.decides && (other?.decides ?? true);
      if (other === undefined || high === 0)
        return { recogniser: timesOver(one.recogniser, low, high, description), decides };
      const more = timesOver(
        inOrder([other.recogniser, one.recogniser], description),
        Math.max(0, low - 1),
        high - 1,
        description,
      );
      const some = inOrder([one.recogniser, more], description);
      return { recogniser: low === 0 ? timesOver(some, 0, 1, description) : some, decides };
    },
    identityOf("repeated", separator === undefined ? [part] : [part, separator], times),
  );
}

/** Where a text may be cut: between characters. */
function cutsOf(text: string): readonly number[] {
  const cuts = [0];
  for (const character of text) cuts.push(cuts[cuts.length - 1]! + character.length);
  return cuts;
}

/** Where a text of `part` may end that begins at one of `starts`. */
function after(
  part: Constraint,
  text: string,
  cuts: readonly number[],
  starts: readonly number[],
  environment: Environment | undefined,
): readonly number[] {
  return cuts.filter((end) => starts.some((start) => start <= end && part.test(text.slice(start, end), environment)));
}

function identityOf(word: string, parts: readonly Constraint[], more: string): string | null {
  const identities = parts.map((p) => p.identity);
  return identities.includes(null) ? null : `${word} ${more} ${JSON.stringify(identities)}`;
}
