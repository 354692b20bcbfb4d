import { existsSync, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import {
  train as trainModel,
  writeCheckpoint,
  writeTwist,
  type CompiledProgram,
  type Query,
  type TrainingRound,
  type TwistLossName,
  type TwistTrainer,
} from "@pgl/core";
import { interruption } from "../interruption.js";
import { Exit, UsageError, type Io } from "../io.js";
import { openProgram } from "../program.js";
import { renderFailure } from "../render/diagnostics.js";
import { duration, grouped } from "../render/number.js";
import { paint } from "../render/paint.js";
import { readSource, type Source } from "../source.js";
import { suggestion } from "../suggestion.js";
import { checkAliases, loadModels, type RunOptions } from "./run.js";

export interface TrainOptions extends Pick<RunOptions, "lm" | "seed" | "json" | "quiet" | "color"> {
  /** A file, or a folder that the twist is called after the program in. */
  readonly out?: string;
  readonly loss?: TwistLossName;
  readonly draw?: string;
  readonly simulate?: boolean;
  readonly minutes?: number;
  readonly steps?: number;
  readonly resume?: boolean;
}

/** Seconds between two checkpoints. */
const CHECKPOINT_EVERY = 20;

/**
 * `pgl train`: learns a twist for a text of the queries' model, and writes it to a file. With several queries of one model
 * the twist is conditional on their arguments.
 */
export async function train(
  file: string,
  queryNames: readonly string[],
  options: TrainOptions,
  io: Io,
): Promise<number> {
  const source = readSource(file, io);
  // Where observations may be simulated they must stay what they are.
  // And the program may name the file that is to be written.
  const opened = await openProgram(source, options.simulate === true ? "none" : "all", io, options.color, true);
  if (typeof opened === "number") return opened;
  const { program, files } = opened;
  checkAliases(program, options);
  const queries = queriesOf(program, queryNames, source.shown);
  const lms = await loadModels(options.lm, io);
  const shown = fileOf(options.out ?? "twists/", source, io);
  const out = resolve(io.directory, shown);
  const checkpoint = `${out.replace(/\.json$/, "")}.checkpoint.json`;
  if (options.resume === true && !existsSync(checkpoint)) {
    throw new UsageError(`--resume: there is no checkpoint ${checkpoint}.`, "The first time, train without --resume.");
  }
  try {
    mkdirSync(dirname(out), { recursive: true });
  } catch (error) {
    throw new UsageError(`-o ${shown}: its folder cannot be made: ${(error as Error).message}`);
  }
  const interrupt = interruption(io);
  const live = io.errorIsTerminal && options.quiet !== true && options.json !== true;
  const c = paint(io, options.color, "error");
  let saved = 0;
  let trainer: TwistTrainer | null = null;
  const save = (found: TwistTrainer): void => {
    const { problem, lm } = found;
    writeTwist(out, found.twist, found.curve);
    writeCheckpoint(checkpoint, found.state, { program: queries[0]!.model.name, draw: problem.draw, model: lm });
  };
  try {
    trainer = await trainModel(
      queries[0]!.model,
      queries.map((query) => query.args()),
      {
        lms,
        signal: interrupt.signal,
        ...(options.loss === undefined ? {} : { loss: options.loss }),
        ...(options.draw === undefined ? {} : { draw: options.draw }),
        ...(options.simulate === undefined ? {} : { simulate: options.simulate }),
        ...(options.minutes === undefined ? {} : { minutes: options.minutes }),
        ...(options.steps === undefined ? {} : { steps: options.steps }),
        ...(options.seed === undefined ? {} : { seed: options.seed }),
        ...(options.resume === true ? { resume: checkpoint } : {}),
        onRound: (round, found) => {
          trainer = found;
          interrupt.poll();
          if (live) io.writeError(`\r\x1b[2K${roundLine(round)}`);
          else if (options.quiet !== true && options.json !== true) io.writeError(`${roundLine(round)}\n`);
          if (round.time - saved < CHECKPOINT_EVERY) return;
          saved = round.time;
          save(found);
        },
      },
    );
  } catch (error) {
    if (live) io.writeError("\r\x1b[2K");
    if (!interrupt.signal.aborted || trainer === null) {
      io.writeError(renderFailure(error, files, io, options.color));
      return interrupt.signal.aborted ? Exit.interrupted : Exit.run;
    }
  } finally {
    interrupt.over();
  }
  if (live) io.writeError("\r\x1b[2K");
  save(trainer);
  const { curve, problem, loss } = trainer;
  const last = curve.at(-1)!;
  if (options.json === true) {
    io.write(`${JSON.stringify({ file: out, draw: problem.draw, loss: loss.name, curve }, null, 2)}\n`);
  } else {
    io.write(
      `${c.bold(shown)}: a twist for ${c.bold(problem.draw)} of ${queries[0]!.model.name}, loss ${loss.name}, ${grouped(last.step)} steps in ${duration(1000 * last.time)}\n` +
        `${curveLine(curve)}\n` +
        `${c.dim(useOf(program, out, file, shown))}\n`,
    );
  }
  return interrupt.signal.aborted ? Exit.interrupted : Exit.fine;
}

/** How the twist in `out` is used: a program may name it already. */
function useOf(program: CompiledProgram, out: string, file: string, shown: string): string {
  const names = [...program.checked.modules].some(([module, { tree }]) =>
    tree.declarations.some((d) => d.kind === "TwistFileDeclaration" && resolve(dirname(module), d.file.value) === out),
  );
  if (names) return `pgl run ${file}`;
  const written = relative(dirname(program.file), out).split(sep).join("/");
  return `pgl run ${file} --twist ${shown}, or in the program: twist ahead = ${JSON.stringify(written)}`;
}

/** In a folder, the twist has the program's name. */
function fileOf(out: string, { path }: Source, { directory }: Io): string {
  const place = resolve(directory, out);
  const isFolder = out.endsWith("/") || (existsSync(place) && statSync(place).isDirectory());
  return isFolder ? join(out, `${basename(path, ".pgl")}.json`) : out;
}

function roundLine({ round, step, loss, ess, size, gap, power, time }: TrainingRound): string {
  const parts = [
    `round ${round + 1}, step ${step}`,
    `loss ${loss.toFixed(3)}`,
    ...(gap === null ? [] : [`ESS ${ess.toFixed(1)} of ${size}`, `gap ${gap.toFixed(2)} nats`]),
    ...(power < 1 ? [`weights to the power ${power.toFixed(2)}`] : []),
    duration(1000 * time),
  ];
  return parts.join("  ·  ");
}

const BARS = "▁▂▃▄▅▆▇█";

/** How the gap (or the loss) went, round by round. */
function curveLine(curve: readonly TrainingRound[]): string {
  const gaps = curve.map(({ gap, heldOut }) => gap ?? heldOut);
  const [low, high] = [Math.min(...gaps), Math.max(...gaps)];
  const bars = gaps.map((g) => BARS[Math.min(7, Math.floor((8 * (g - low)) / (high - low || 1)))]).join("");
  const what = curve[0]!.gap === null ? "held-out loss" : "gap (estimated KL to what is drawn)";
  return `${what}: ${gaps[0]!.toFixed(2)} ${bars.slice(-60)} ${gaps.at(-1)!.toFixed(2)} nats`;
}

function queriesOf(program: CompiledProgram, names: readonly string[], shown: string): readonly Query[] {
  const { queries } = program;
  const known = [...new Set(queries.map((q) => q.name))];
  if (queries.length === 0) throw new UsageError(`${shown} has no query.`, "Add one: its arguments are trained for.");
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `${shown} has no query ${unknown}.`,
      `${suggestion(unknown, known)}Its queries: ${known.join(", ")}.`,
    );
  }
  const chosen = names.length === 0 ? queries : queries.filter((q) => names.includes(q.name));
  const models = [...new Set(chosen.map((q) => q.model.name))];
  if (models.length > 1) {
    throw new UsageError(
      `The queries are of several models: ${models.join(", ")}. A twist is trained for one.`,
      "Name the queries of one model.",
    );
  }
  return chosen;
}
