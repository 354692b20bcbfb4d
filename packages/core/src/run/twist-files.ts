import { dirname, resolve } from "node:path";
import { LanguageModelError, type SpanTwist, type TwistAlias, type TwistService } from "@pgl/lm";
import { hashKey, PglError, RunEnvironment } from "@pgl/runtime";
import { readTwist, type LearnedTwist } from "@pgl/twists";
import type { Origin } from "../load/origin.js";
import { FileCache } from "./file-cache.js";

const files = new FileCache(readTwist);

/**
 * The twists that a program names by files, for a run of it with some arguments. A program inside it (`infer`) has its own
 * arguments. A file is read when a draw first names it, and again when it has changed.
 */
export function namedTwists(origin: Origin | undefined, args: readonly unknown[]): NonNullable<TwistService["named"]> {
  const made = new Map<LearnedTwist, Map<string, SpanTwist>>();
  // Programs that are no files, as emitted modules that TypeScript imports, are where the process is.
  const directory = origin?.places?.directory ?? process.cwd();
  return (alias, site, environment) => {
    const value = origin?.twists?.[alias.file];
    const learned = value ?? readNamed(resolve(directory, dirname(alias.site.file ?? ""), alias.file), alias);
    const { draw, program, network } = learned.data;
    const name = value === undefined ? `${alias.name} (${alias.file})` : alias.name;
    if (draw !== site.name) {
      throw new LanguageModelError(
        "PGLM019",
        `The twist ${name} was learned for the draw \`${draw}\` of ${program}, and this is \`${site.name}\`.`,
        { site, hint: `Give it to \`${draw}\`, or train one for this draw: pgl train FILE --draw ${site.name}.` },
      );
    }
    const own = environment instanceof RunEnvironment ? environment.arguments : undefined;
    const given = own ?? args;
    const key = network.shape.arguments === 0 ? "" : hashKey(given);
    let twists = made.get(learned);
    if (twists === undefined) made.set(learned, (twists = new Map()));
    let twist = twists.get(key);
    if (twist === undefined) {
      const bound = learned.with(given);
      twists.set(key, (twist = { name, open: (span) => bound.open(span) }));
    }
    return twist;
  };
}

/** @throws TwistTrainingError PGLX004, at the declaration, when the file cannot be used. */
function readNamed(path: string, { site }: TwistAlias): LearnedTwist {
  try {
    return files.get(path);
  } catch (error) {
    if (error instanceof PglError) error.site ??= site;
    throw error;
  }
}
