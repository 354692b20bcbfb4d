import { sameModel, type ModelIdentity } from "@pgl/lm";
import { fromBase64, readStored, toBase64, writeStored } from "../stored.js";
import { Adam } from "./adam.js";
import { TwistTrainingError } from "./errors.js";
import { LearnedTwist } from "./learned-twist.js";
import { twistLosses, type TwistLossName } from "./losses/index.js";
import { parameterNames, sizesOf, TwistNetwork, type NetworkShape, type ParameterName } from "./network.js";
import type { TrainingRound, TrainingState } from "./trainer.js";

const TWIST = { format: "pgl-learned-twist", version: 2 };
const CHECKPOINT = { format: "pgl-twist-checkpoint", version: 2 };

/** Writes a learned twist and how it was learned. The file is whole or not there. */
export function writeTwist(path: string, { data }: LearnedTwist, curve: readonly TrainingRound[]): void {
  const { network, draw, program, loss, lm, link, proposalOnly, offset } = data;
  writeStored(path, TWIST, {
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
  const file = read(path, TWIST);
  const text = (key: string): string => {
    const value = file[key];
    if (typeof value !== "string") throw malformed(path, `\`${key}\` must be a string`);
    return value;
  };
  const link = text("link");
  if (link !== "identity" && link !== "log_sigmoid") throw malformed(path, `there is no link ${link}`);
  const { offset } = file;
  if (typeof offset !== "number") throw malformed(path, "`offset` must be a number");
  return new LearnedTwist({
    network: networkFromJson(path, file["network"]),
    draw: text("draw"),
    program: text("program"),
    loss: lossOf(path, file["loss"]),
    lm: modelOf(path, file["model"]),
    link,
    proposalOnly: file["proposal_only"] === true,
    offset,
  });
}

/** Writes all that training goes on from. */
export function writeCheckpoint(path: string, state: TrainingState, of: CheckpointOwner): void {
  const { loss, simulate, seed, network, average, adam, centre, power, largest, curve, best } = state;
  writeStored(path, CHECKPOINT, {
    of,
    loss,
    simulate,
    seed,
    network: networkToJson(network),
    average: networkToJson(average),
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
  const owner = (file["of"] ?? {}) as Partial<Record<keyof CheckpointOwner, unknown>>;
  const mismatch = (["program", "draw"] as const).find((key) => owner[key] !== of[key]);
  if (mismatch !== undefined) {
    throw malformed(path, `it is of ${mismatch} ${String(owner[mismatch])}, and this is ${of[mismatch]}`);
  }
  const model = modelOf(path, owner.model);
  if (!sameModel(model, of.model)) throw malformed(path, `it is of the model ${model.name}, which is not this one`);
  const number = (value: unknown, key: string): number => {
    if (typeof value !== "number") throw malformed(path, `\`${key}\` must be a number`);
    return value;
  };
  const network = networkFromJson(path, file["network"]);
  const adam = (file["adam"] ?? {}) as Partial<Record<"steps" | "first" | "second", unknown>>;
  const best = (file["best"] ?? null) as Record<"network" | "measure" | "round" | "offset", unknown> | null;
  const { curve } = file;
  if (!Array.isArray(curve)) throw malformed(path, "`curve` must be a list of rounds");
  return {
    loss: lossOf(path, file["loss"]),
    simulate: file["simulate"] === true,
    seed: number(file["seed"], "seed"),
    network,
    average: networkFromJson(path, file["average"]),
    adam: new Adam(
      parametersFromJson(path, adam.first, network.shape),
      parametersFromJson(path, adam.second, network.shape),
      number(adam.steps, "adam.steps"),
    ),
    centre: number(file["centre"], "centre"),
    power: number(file["power"], "power"),
    // JSON has no infinity: before the first round there is no largest.
    largest: file["largest"] === null ? -Infinity : number(file["largest"], "largest"),
    curve: curve as TrainingRound[],
    best:
      best === null
        ? null
        : {
            network: networkFromJson(path, best.network),
            measure: number(best.measure, "best.measure"),
            round: number(best.round, "best.round"),
            offset: number(best.offset, "best.offset"),
          },
  };
}

const read = (path: string, kind: typeof TWIST): Record<string, unknown> =>
  readStored(path, kind, {
    unreadable: (cause) =>
      new TwistTrainingError("PGLX004", `The file ${path} cannot be read: ${cause.message}.`, {
        cause,
        hint: `\`pgl train FILE -o ${path}\` makes one.`,
      }),
    malformed: (why) => malformed(path, why),
  });

function modelOf(path: string, json: unknown): ModelIdentity {
  const model = json as ModelIdentity | undefined;
  if (typeof model?.name !== "string" || typeof model.weights !== "string" || typeof model.vocabulary !== "string") {
    throw malformed(path, "`model` must have `name`, `weights` and `vocabulary`");
  }
  return model;
}

function lossOf(path: string, json: unknown): TwistLossName {
  if (typeof json !== "string" || !Object.hasOwn(twistLosses, json)) {
    throw malformed(path, `there is no loss ${String(json)}`);
  }
  return json as TwistLossName;
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
      const values = typeof text === "string" ? new Float32Array(fromBase64(text, 4)) : null;
      const [rows, columns] = sizes[name];
      if (values?.length !== rows * columns) throw malformed(path, `\`${name}\` has not ${rows} × ${columns} numbers`);
      return [name, values];
    }),
  ) as Record<ParameterName, Float32Array>;
}
