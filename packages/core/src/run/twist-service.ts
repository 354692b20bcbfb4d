import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { modelIdentity, type LanguageModel, type TokenSurrogate, type TwistService } from "@pgl/lm";
import { MethodError, PglError } from "@pgl/runtime";
import { readSurrogate, surrogateFor, type LearnedTwist, type StoredSurrogate } from "@pgl/twists";
import { cacheFolder, type Variables } from "./cache-folder.js";
import type { Origin } from "../load/origin.js";
import type { LanguageModels } from "./language-models.js";
import type { SpanTwistReport } from "./report.js";
import { BoundTwists, GivenTwist } from "./bound-twists.js";
import { FileCache } from "./file-cache.js";
import { namedTwists } from "./twist-files.js";

export interface TwistOptions {
  /** Learned twists for the draws they were learned for, where the program names none. The measure is the same. */
  readonly twists?: readonly LearnedTwist[];
  /**
   * Files of surrogates by alias (`pgl distill`), to look ahead with in texts that are conditioned on a constraint. Without
   * one: that which the program declares with the model, unless another model is given in `lms`; that of the model's own
   * folder, or of the user's folder of caches; tables and n-grams need none. The measure is the same.
   */
  readonly surrogates?: Readonly<Record<string, string>>;
  /** Whether texts that are conditioned on a constraint are drawn by looking ahead with a surrogate. Default true. */
  readonly automaticTwists?: boolean;
}

/** What the draws of a run ask about twists, and what there is to report of them afterwards. */
export interface RunTwists {
  readonly service: TwistService;
  /** By draw, as often as another twist was used for it. */
  readonly used: () => readonly SpanTwistReport[];
}

/**
 * @throws LanguageModelError PGLM003, PGLM004 or PGLM019 for a surrogate that cannot be used with its model; MethodError
 * PGLT040 for one of an alias that the run does not have.
 */
export async function runTwists(
  {
    twists = [],
    surrogates = {},
    automaticTwists = true,
    lms = {},
  }: TwistOptions & { readonly lms?: LanguageModels | undefined },
  models: ReadonlyMap<string, LanguageModel>,
  args: readonly unknown[],
  origin: Origin | undefined,
): Promise<RunTwists> {
  const found = new Map<LanguageModel, TokenSurrogate>();
  for (const [alias, path] of Object.entries(surrogates)) {
    const model = models.get(alias);
    if (model === undefined) {
      throw new MethodError("PGLT040", `A surrogate is given for \`${alias}\`, and no language model has that name.`, {
        hint: models.size === 0 ? "The program has no language model." : `There is ${[...models.keys()].join(", ")}.`,
      });
    }
    found.set(model, await surrogateIn(resolve(path), model));
  }
  for (const { name, surrogate } of automaticTwists ? (origin?.aliases ?? []) : []) {
    const model = models.get(name);
    if (surrogate === undefined || model === undefined || Object.hasOwn(lms, name) || found.has(model)) continue;
    try {
      found.set(model, await surrogateIn(surrogate.path, model));
    } catch (error) {
      if (error instanceof PglError) error.site ??= surrogate.site;
      throw error;
    }
  }
  const expected = new Set(found.keys());
  if (automaticTwists) {
    for (const model of models.values()) {
      if (found.has(model)) continue;
      const own = await ownSurrogate(model);
      if (own !== null) found.set(model, own);
    }
  }
  const used = new Map<string, SpanTwistReport>();
  const bound = new BoundTwists();
  const given = new Map(twists.map((twist) => [twist.data.draw, new GivenTwist(twist, args, bound)]));
  const named = namedTwists(origin, args);
  const passedOver = new Set<string>();
  return {
    service: {
      automatic: automaticTwists,
      given,
      named: (alias, site, environment) => {
        const own = named(alias, site, environment);
        if (own !== null && given.has(site.name) && !passedOver.has(site.name)) {
          passedOver.add(site.name);
          environment.warn({
            code: "PGLW021",
            message: `The twist that is given for \`${site.name}\` is not used: the program names ${own.name}.`,
            site,
          });
        }
        return own;
      },
      surrogates: found,
      expected,
      used: (draw, twist) => {
        const key = `${draw}\0${twist}`;
        if (!used.has(key)) used.set(key, { draw, twist });
      },
    },
    used: () => [...used.values()],
  };
}

/** Where `pgl distill` keeps surrogates, named by the model; null when nothing is kept. */
export async function surrogateFile(model: LanguageModel, environment: Variables): Promise<string | null> {
  const folder = surrogateFolder(environment);
  if (folder === null) return null;
  const { weights, vocabulary } = await modelIdentity(model);
  return join(folder, `${weights.slice(0, 32)}-${vocabulary.slice(0, 16)}.json`);
}

const surrogateFolder = (environment: Variables): string | null => cacheFolder(environment, "surrogates-1");

const stored = new FileCache(readSurrogate);
/** What was made of files: what has been worked out with a surrogate is kept with it. */
const made = new WeakMap<StoredSurrogate, WeakMap<LanguageModel, TokenSurrogate>>();

/** The surrogate in a file, for a model. @throws as `readSurrogate` and `surrogateFor` do. */
async function surrogateIn(path: string, model: LanguageModel): Promise<TokenSurrogate> {
  const content = stored.get(path);
  let surrogates = made.get(content);
  if (surrogates === undefined) made.set(content, (surrogates = new WeakMap()));
  const known = surrogates.get(model);
  if (known !== undefined) return known;
  const surrogate = await surrogateFor(model, content, path);
  surrogates.set(model, surrogate);
  return surrogate;
}

/** Surrogates found for models, or the promise that there is none: a file is looked for once in a process. */
const own = new WeakMap<LanguageModel, Promise<TokenSurrogate | null>>();

function ownSurrogate(model: LanguageModel): Promise<TokenSurrogate | null> {
  let surrogate = own.get(model);
  if (surrogate === undefined) {
    surrogate = findSurrogate(model);
    own.set(model, surrogate);
    // A file may be mended, or made, before the next run.
    surrogate.then(
      (found) => found === null && own.delete(model),
      () => own.delete(model),
    );
  }
  return surrogate;
}

async function findSurrogate(model: LanguageModel): Promise<TokenSurrogate | null> {
  // Models that are their own surrogate have no file of weights.
  if (model.weightsFile === undefined) return null;
  const shipped = join(dirname(model.weightsFile), "surrogate.json");
  if (existsSync(shipped)) return surrogateFor(model, readSurrogate(shipped), shipped);
  const folder = surrogateFolder(process.env);
  if (folder === null || !existsSync(folder)) return null;
  const kept = await surrogateFile(model, process.env);
  return kept !== null && existsSync(kept) ? surrogateFor(model, readSurrogate(kept), kept) : null;
}
