import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { ModelIdentity } from "@pgl/lm";
import { Adam } from "./adam.js";
import { TwistTrainingError } from "./errors.js";
import { LearnedTwist } from "./learned-twist.js";
import { twistLosses, type TwistLossName } from "./losses/index.js";
import { parameterNames, sizesOf, TwistNetwork, type NetworkShape, type ParameterName } from "./network.js";
import type { TrainingRound, TrainingState } from "./trainer.js";

const FORMAT = "pgl-learned-twist";
const CHECKPOINT = "pgl-twist-checkpoint";
const VERSION = 1;

/** Writes a learned twist and how it was learned. The file is whole or not there. */
export function writeTwist(path: string, { data }: LearnedTwist, curve: readonly TrainingRound[]): void {
  const { network, draw, program, loss, lm, link, proposalOnly, offset } = data;
  write(path, {
    format: FORMAT,
    version: VERSION,
    draw,
    program,
    loss,
    model: lm,
    link,
    proposal_only: proposalOnly,
    offset,
    network: networkToJson(network),
    curve,
  });
}

/** Reads a learned twist. @throws TwistTrainingError PGLX004 when the file cannot be read or is no such file. */
export function readTwist(path: string): LearnedTwist {
  const file = read(path, FORMAT);
  const text = (key: string): string => {
    const value = file[key];
    if (typeof value !== "string") throw malformed(path, `\`${key}\` must be a string`);
    return value;
  };
  const loss = text("loss");
  if (!Object.hasOwn(twistLosses, loss)) throw malformed(path, `there is no loss ${loss}`);
  const link = text("link");
  if (link !== "identity" && link !== "log_sigmoid") throw malformed(path, `there is no link ${link}`);
  const { offset } = file;
  if (typeof offset !== "number") throw malformed(path, "`offset` must be a number");
  const lm = file["model"] as ModelIdentity | undefined;
  if (typeof lm?.name !== "string" || typeof lm.weights !== "string" || typeof lm.vocabulary !== "string") {
    throw malformed(path, "`model` must have `name`, `weights` and `vocabulary`");
  }
  return new LearnedTwist({
    network: networkFromJson(path, file["network"]),
    draw: text("draw"),
    program: text("program"),
    loss,
    lm,
    link,
    proposalOnly: file["proposal_only"] === true,
    offset,
  });
}

/** Writes all that training goes on from. */
export function writeCheckpoint(path: string, state: TrainingState, of: CheckpointOwner): void {
  const { loss, simulate, seed, network, adam, centre, power, largest, curve, best } = state;
  write(path, {
    format: CHECKPOINT,
    version: VERSION,
    of,
    loss,
    simulate,
    seed,
    network: networkToJson(network),
    adam: { steps: adam.steps, first: parametersToJson(adam.first), second: parametersToJson(adam.second) },
    centre,
    power,
    largest,
    curve,
    best: best === null ? null : { ...best, network: networkToJson(best.network) },
  });
}

/** What a checkpoint belongs to. */
export interface CheckpointOwner {
  readonly program: string;
  readonly draw: string;
  readonly model: ModelIdentity;
}

/** @throws TwistTrainingError PGLX004 when there is none at `path`, or one of another program, draw or model. */
export function readCheckpoint(path: string, of: CheckpointOwner): TrainingState {
  const file = read(path, CHECKPOINT);
  const owner = file["of"] as CheckpointOwner;
  const mismatch = (["program", "draw"] as const).find((key) => owner[key] !== of[key]);
  if (mismatch !== undefined) {
    throw malformed(path, `it is of ${mismatch} ${String(owner[mismatch])}, and this is ${of[mismatch]}`);
  }
  if (owner.model.weights !== of.model.weights || owner.model.vocabulary !== of.model.vocabulary) {
    throw malformed(path, `it is of the model ${owner.model.name}, which is not this one`);
  }
  const network = networkFromJson(path, file["network"]);
  const adam = file["adam"] as { steps: number; first: unknown; second: unknown };
  const best = file["best"] as (NonNullable<TrainingState["best"]> & { network: unknown }) | null;
  return {
    loss: file["loss"] as TwistLossName,
    simulate: file["simulate"] as boolean,
    seed: file["seed"] as number,
    network,
    adam: new Adam(
      parametersFromJson(path, adam.first, network.shape),
      parametersFromJson(path, adam.second, network.shape),
      adam.steps,
    ),
    centre: file["centre"] as number,
    power: file["power"] as number,
    largest: file["largest"] as number,
    curve: file["curve"] as TrainingRound[],
    best: best === null ? null : { ...best, network: networkFromJson(path, best.network) },
  };
}

function write(path: string, content: unknown): void {
  const draft = `${path}.part`;
  writeFileSync(draft, `${JSON.stringify(content)}\n`);
  renameSync(draft, path);
}

function read(path: string, format: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new TwistTrainingError("PGLX004", `The file ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw malformed(path, `it is not JSON (${(cause as Error).message})`);
  }
  const { format: found, version } = (file ?? {}) as { format?: unknown; version?: unknown };
  if (found !== format) throw malformed(path, `\`format\` is not "${format}"`);
  if (version !== VERSION) throw malformed(path, `it has version ${String(version)}, and this PGL reads ${VERSION}`);
  return file as Record<string, unknown>;
}

const malformed = (path: string, why: string): TwistTrainingError =>
  new TwistTrainingError("PGLX004", `${path} is not a file to be used here: ${why}.`, {
    hint: "`pgl train FILE -o twists/NAME.json` writes such files.",
  });

const networkToJson = ({ shape, scale, parameters }: TwistNetwork): unknown => ({
  shape,
  scale,
  parameters: parametersToJson(parameters),
});

const parametersToJson = (parameters: Readonly<Record<ParameterName, Float32Array>>): unknown =>
  Object.fromEntries(parameterNames.map((name) => [name, toBase64(parameters[name])]));

function networkFromJson(path: string, json: unknown): TwistNetwork {
  const { shape, scale, parameters } = (json ?? {}) as { shape?: NetworkShape; scale?: unknown; parameters?: unknown };
  const wanted = ["vocabulary", "hidden", "window", "arguments"] as const;
  if (shape === undefined || !wanted.every((key) => Number.isSafeInteger(shape[key]) && shape[key] >= 0)) {
    throw malformed(path, "`network.shape` is incomplete");
  }
  if (typeof scale !== "number") throw malformed(path, "`network.scale` must be a number");
  return new TwistNetwork(shape, parametersFromJson(path, parameters, shape), scale);
}

function parametersFromJson(path: string, json: unknown, shape: NetworkShape): Record<ParameterName, Float32Array> {
  const sizes = sizesOf(shape);
  return Object.fromEntries(
    parameterNames.map((name) => {
      const text = (json as Record<string, unknown> | undefined)?.[name];
      const values = typeof text === "string" ? fromBase64(text) : null;
      const [rows, columns] = sizes[name];
      if (values?.length !== rows * columns) throw malformed(path, `\`${name}\` has not ${rows} × ${columns} numbers`);
      return [name, values];
    }),
  ) as Record<ParameterName, Float32Array>;
}

/** Little-endian, as everywhere this runs. */
const toBase64 = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));
}
