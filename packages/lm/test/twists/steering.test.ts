import { constraint, type Constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { answerRequests, Op, Particle, type RandomSource, RunEnvironment, runToCheckpoint, Status } from "@pgl/runtime";
import { enumerateOutcomes } from "@pgl/testing";
import { describe, expect } from "vitest";
import type { TableModel } from "../../src/index.js";
import { lm, type NextPsi, type NextTokens, type OpenTwist, type SpanTwist } from "../../src/index.js";
import { draw, OBSERVE, program } from "../programs.js";
import { randomTable, table } from "../tables.js";

const MAX_TOKENS = 2;
const EOS = 3;
const OUTER = 0.7;
/** Tokens with less are beyond the shortlist: no token of a table has just so much. */
const LEAST = 0.3123;

type Path = readonly number[];
type Form = "logarithms" | "table" | "shortlist";

/** log ψ: a number that looks random but is a function of the path; zeros of ψ at some of them. */
function hashed(path: Path, salt: number): number {
  let h = salt | 0;
  for (const id of path) h = Math.imul(h ^ (id + 1), 0x9e3779b1) ^ (h >>> 13);
  const u = ((h >>> 0) % 1000) / 1000;
  return u < 0.3 ? -Infinity : 4 * u - 2;
}

/** Of the tokens beyond the shortlist of a beginning. */
const restOf = (path: Path, salt: number): number => hashed([...path, 99], salt);

interface Twisting {
  readonly salt: number;
  readonly form: Form;
  readonly outlasts: boolean;
  readonly logScale: number;
}

const twistOf = ({ salt, form, outlasts, logScale }: Twisting): SpanTwist => ({
  name: form,
  open: () =>
    ({
      start: [],
      plainShare: 0.2,
      outlasts,
      logScale,
      next: (path, _node, _left, _answer, tokens) =>
        psiOf(form, (id) => hashed([...path, id], salt), tokens, restOf(path, salt)),
      advance: (path, token) => [...path, token],
    }) satisfies OpenTwist<Path>,
});

function psiOf(form: Form, logPsi: (id: number) => number, tokens: NextTokens, rest: number): NextPsi {
  if (form === "shortlist") {
    const ids = tokens.above(LEAST, 8);
    return { ids, logPsi: Float64Array.from(ids, logPsi), rest };
  }
  if (form === "logarithms") return Float64Array.from({ length: EOS + 1 }, (_, id) => logPsi(id));
  return {
    read: (into, from, to) => {
      for (let id = from; id < to; id++) into[id] = Math.exp(logPsi(id));
    },
  };
}

/** Where the twist of an execution stands before each token, and after the text; the text's tokens. */
interface Steered {
  readonly twists: readonly number[];
  readonly text: string;
  readonly finished: boolean;
}

async function steered(start: () => Particle["frame"], random: RandomSource): Promise<Steered> {
  const environment = new RunEnvironment(new Map(), random.split(0));
  const particle = new Particle(start(), random.split(1), environment);
  particle.twists = "automatic";
  const twists: number[] = [];
  for (let tick = 0; ;) {
    const status = runToCheckpoint(particle);
    if (status === Status.Waiting) await answerRequests([particle], environment, tick++);
    else if (status === Status.Checkpoint) twists.push(particle.logTwist);
    else return { twists, text: String(particle.value), finished: status === Status.Done };
  }
}

/** The same for all texts that can be drawn, from the rows of the model and the definition. */
function expected(model: TableModel, wanted: Constraint | null, { salt, form, outlasts, logScale }: Twisting) {
  const { vocabulary } = model;
  const textOf = (path: Path): string =>
    path
      .filter((id) => id !== EOS)
      .map((id) => vocabulary.label(id))
      .join("");
  const isOver = (path: Path): boolean => path.at(-1) === EOS || path.length === MAX_TOKENS;
  const all = [0, 1, 2, EOS];
  const canMatch = (path: Path): boolean =>
    wanted === null || (isOver(path) ? wanted.test(textOf(path)) : all.some((id) => canMatch([...path, id])));
  const found = new Map<string, number[]>();
  const visit = (path: Path, before: number, twists: readonly number[]): void => {
    if (isOver(path)) {
      // A text that ends early waits for the longest.
      const waits = new Array<number>(MAX_TOKENS - path.length + 1).fill(OUTER + (outlasts ? before : 0));
      found.set(textOf(path), [...twists, ...waits]);
      return;
    }
    const row = model.row(path);
    const p = all.map((id) => (canMatch([...path, id]) ? Math.exp(row.logProbability(id)) : 0));
    const left = p.reduce((a, b) => a + b, 0);
    if (left === 0) return;
    const psi = all.map((id) =>
      form === "shortlist" && p[id]! / left < LEAST ? restOf(path, salt) : hashed([...path, id], salt),
    );
    const mean = all.reduce((sum, id) => sum + (p[id]! / left) * Math.exp(psi[id]!), 0);
    const now = mean > 0 ? Math.log(mean) + logScale : before;
    for (const id of all) {
      if (p[id] === 0) continue;
      const says = outlasts && mean > 0 && psi[id]! > -Infinity;
      visit([...path, id], says ? psi[id]! + logScale : now, [...twists, OUTER + now]);
    }
  };
  visit([], 0, []);
  return found;
}

describe("what steers an execution", () => {
  const even = table(["a", "b", "c", "</s>"], "</s>", { "": [0.3, 0.3, 0.2, 0.2] }, 0);

  property.prop(
    [
      randomTable(["a", "b", "c", "</s>"], "</s>"),
      fc.record({
        salt: fc.integer(),
        form: fc.constantFrom<Form>("logarithms", "table", "shortlist"),
        outlasts: fc.boolean(),
        logScale: fc.constantFrom(0, 1.3),
      }),
      fc.constantFrom(null, "[ab]*", "c?a*", "[^c]*b", "a[bc]|b?"),
      fc.boolean(),
    ],
    { numRuns: 60, seed: 6 },
  )(
    "is what the twist expects of the next token, on top of the program's own twist; then what it says of the text",
    async (model, twisting, pattern, isProposed) => {
      const wanted = pattern === null ? null : constraint.regex(pattern);
      const text = lm("m", model).text({
        max_tokens: MAX_TOKENS,
        twist: twistOf(twisting),
        ...(wanted === null ? {} : { matching: wanted }),
      });
      const after: number[] = [];
      const whole = program(
        (particle) => particle.twist(OUTER, OBSERVE),
        draw(text, isProposed ? lm("q", even).text() : null),
        (particle) => {
          after.push(particle.logTwist);
          return Op.Continue;
        },
        (particle, [, drawn]) => particle.return(drawn),
      );
      const outcomes = await enumerateOutcomes(async (random) => {
        after.length = 0;
        const { twists, text, finished } = await steered(() => whole.start(), random);
        return { text, finished, twists: [...twists, ...after] };
      });
      const right = expected(model, wanted, twisting);
      const seen = new Set<string>();
      for (const { value } of outcomes) {
        if (!value.finished) continue;
        seen.add(value.text);
        const [, ...twists] = value.twists;
        const should = right.get(value.text)!;
        expect(twists, value.text).toHaveLength(should.length);
        twists.forEach((twist, t) => expect(twist, `${value.text}, ${t}`).toBeCloseTo(should[t]!, 9));
      }
      expect([...seen].sort()).toEqual([...right.keys()].sort());
    },
  );
});
