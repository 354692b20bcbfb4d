import { compile } from "@pgl/core";
import { LogJoint, RunEnvironment, seeded, target, twinOf, type Model, type Point } from "@pgl/runtime";
import { interleaved, median, spent } from "../clock.js";
import type { Row } from "../row.js";
import { subjects, type Subject, type Written } from "./programs.js";

const ROUNDS = 7;
/** Seconds, about, that a measurement takes. */
const ENOUGH = 0.15;

/** Gradients of programs: by the tape, by central differences of the same program, and written by hand. CPU time. */
export async function gradientSuite(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const subject of subjects) {
    const compiled = await compile.source(subject.source, { file: "gradients.pgl" });
    const model: Model = compiled["m"]!;
    const tape = jointOf(model, subject, true);
    const differences = jointOf(model, subject, false);
    const position = run(tape.simulate(seeded(1)))!;
    run(differences.simulate(seeded(1)));
    checkAgainst(subject, run(tape.evaluate([position]))[0]!, run(tape.evaluate([shifted(position)]))[0]!);

    const results = await interleaved(
      {
        tape: timed(() => run(tape.evaluate([position]))),
        differences: timed(() => run(differences.evaluate([position]))),
        hand: timed(byHand(subject.written, position)),
      },
      { rounds: ROUNDS, warmup: 2 },
    );
    const row = (name: string, key: "differences" | "hand", ratioOf: string): Row => {
      const peer = { name, measured: median(results[key]), rounds: results[key] };
      const measured = median(results.tape);
      const ratio = key === "hand" ? measured / peer.measured : peer.measured / measured;
      return {
        suite: "gradients",
        what: `${subject.what}, against ${name}`,
        unit: "µs CPU/gradient",
        measured,
        rounds: results.tape,
        peer,
        ratio,
        ratioOf,
      };
    };
    rows.push(row("central differences", "differences", "times as fast"));
    rows.push(row("by hand", "hand", "times as long"));
  }
  return rows;
}

function jointOf(model: Model, { args }: Subject, byTape: boolean): LogJoint {
  const environment = new RunEnvironment(new Map(), seeded(1));
  return new LogJoint("gradients", target(model, args), byTape ? twinOf(model) : null, environment);
}

/** These programs wait for nothing. */
function run<T>(work: Generator<Promise<void>, T, void>): T {
  const next = work.next();
  if (next.done === true) return next.value;
  throw new Error("The program waits.");
}

const shifted = (position: Float64Array): Float64Array => position.map((x, i) => x + 0.1 * Math.sin(i + 1));

/** What is compared must be the same: gradients, and differences of the log joint, whose constant the hand leaves out. */
function checkAgainst({ what, written }: Subject, here: Point, there: Point): void {
  const gradient = new Float64Array(here.position.length);
  const atHere = written(here.position, gradient);
  const worst = Math.max(...gradient.map((g, i) => Math.abs(g - here.gradient[i]!) / (1 + Math.abs(g))));
  const atThere = written(there.position, gradient);
  const gap = Math.abs(atHere - atThere - (here.logJoint - there.logJoint));
  if (worst > 1e-9 || gap > 1e-7) throw new Error(`${what}: the two are not of the same density (${worst}, ${gap}).`);
}

function byHand(written: Written, position: Float64Array): () => void {
  const into = new Float64Array(position.length);
  return () => void written(position, into);
}

function timed(work: () => unknown): () => Promise<number> {
  let repeats = 0;
  return async () => {
    if (repeats === 0) {
      // Warm first: how often is enough is found out by the engine's final speed.
      for (let i = 0; i < 2000; i++) work();
      const begin = performance.now();
      for (let i = 0; i < 100; i++) work();
      repeats = Math.max(20, Math.ceil((100 * 1000 * ENOUGH) / Math.max(1e-3, performance.now() - begin)));
    }
    const { cpu } = await spent(() => {
      for (let i = 0; i < repeats; i++) work();
    });
    return (1e6 * cpu) / repeats;
  };
}
