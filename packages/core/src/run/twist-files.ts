import { dirname, resolve } from "node:path";
import { LanguageModelError, type TwistAlias, type TwistService } from "@pgl/lm";
import { PglError, RunEnvironment } from "@pgl/runtime";
import { readTwist, type LearnedTwist } from "@pgl/twists";
import type { Origin } from "../load/origin.js";
import { BoundTwists } from "./bound-twists.js";
import { FileCache } from "./file-cache.js";

const files = new FileCache(readTwist);

/**
 * The twists that a program names by files, for a run of it with some arguments. A program inside it (`infer`) has its own
 * arguments. A file is read when a draw first names it, and again when it has changed.
 */
export function namedTwists(origin: Origin | undefined, args: readonly unknown[]): NonNullable<TwistService["named"]> {
  const bound = new BoundTwists();
  // Programs that are no files, as emitted modules that TypeScript imports, are where the process is.
  const directory = origin?.places?.directory ?? process.cwd();
  return (alias, site, environment) => {
    const value = origin?.twists?.[alias.file];
    const learned = value ?? readNamed(resolve(directory, dirname(alias.site.file ?? ""), alias.file), alias);
    const { draw, program } = learned.data;
    const name = value === undefined ? `${alias.name} (${alias.file})` : alias.name;
    if (draw !== site.name) {
      throw new LanguageModelError(
        "PGLM019",
        `The twist ${name} was learned for the draw \`${draw}\` of ${program}, and this is \`${site.name}\`.`,
        { site, hint: `Give it to \`${draw}\`, or train one for this draw: pgl train FILE --draw ${site.name}.` },
      );
    }
    const own = environment instanceof RunEnvironment ? environment.arguments : undefined;
    return bound.of(learned, own ?? args, name);
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
