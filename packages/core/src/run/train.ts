import {
  readCheckpoint,
  textDraws,
  trainTwist,
  TwistTrainer,
  TwistTrainingError,
  type TrainingOptions,
  type TwistProblem,
} from "@pgl/twists";
import { modelIdentity, type TwistService } from "@pgl/lm";
import { seeded, target, type Model } from "@pgl/runtime";
import { originOf } from "../load/origin.js";
import { explain } from "./explain.js";
import { bindLanguageModels, type LanguageModels } from "./language-models.js";
import { namedTwists } from "./twist-files.js";

export interface TrainOptions extends TrainingOptions {
  /** As for `infer`. */
  readonly lms?: LanguageModels;
  /** The name of the draw that the twist is for; not needed where the model draws one text. */
  readonly draw?: string;
  /** A checkpoint file to go on from. */
  readonly resume?: string;
}

/**
 * Learns a twist for a text that a model draws: what the rest of the program will weigh a beginning with, so that draws are
 * steered there. The measure of the program is the same with it. With several sets of arguments the twist is conditional on
 * them.
 *
 * @returns the trainer: its `twist`, and the `curve` of its rounds.
 * @throws TwistTrainingError PGLX001–PGLX005 when there is nothing to learn; and whatever running the program throws.
 */
export async function train(
  model: Model,
  sets: readonly (readonly unknown[])[],
  options: TrainOptions = {},
): Promise<TwistTrainer> {
  const origin = originOf(model);
  const models = await bindLanguageModels(origin?.aliases ?? [], options.lms);
  const complete = sets.map((args) => origin?.checkArguments?.(args, model.name) ?? args);
  const services = new Map<string, unknown>([...models].map(([alias, lm]) => [`lm:${alias}`, lm] as const));
  services.set("twists", { automatic: false, named: namedTwists(origin, complete[0]!) } satisfies TwistService);
  const of = (given: readonly unknown[]) => target(model as Model<readonly unknown[]>, given);
  try {
    const draws = await textDraws(of(complete[0]!), services, seeded(options.seed ?? 1));
    const draw = options.draw === undefined ? draws : draws.filter((d) => d.name === options.draw);
    const [found, ...others] = draw;
    if (found === undefined || others.length > 0) {
      const names = draws.map((d) => d.name).join(", ");
      throw new TwistTrainingError(
        "PGLX002",
        found === undefined
          ? `${model.name} draws no text${options.draw === undefined ? "" : ` called \`${options.draw}\``}.`
          : `${model.name} draws several texts: ${names}.`,
        draws.length === 0 ? {} : { hint: `Name one: --draw ${draws[0]!.name}.` },
      );
    }
    const problem: TwistProblem = { target: of, arguments: complete, services, model: found.model, draw: found.name };
    const trainer =
      options.resume === undefined
        ? await TwistTrainer.begin(problem, options)
        : await TwistTrainer.resume(
            problem,
            readCheckpoint(options.resume, {
              program: model.name,
              draw: found.name,
              model: await modelIdentity(found.model),
            }),
            options,
          );
    return await trainTwist(trainer, options);
  } catch (error) {
    throw error instanceof TwistTrainingError && error.site === undefined
      ? error
      : explain(error, origin?.places ?? null);
  }
}
