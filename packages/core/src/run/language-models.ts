import { MethodError, type Site } from "@pgl/runtime";
import { LanguageModelAlias, loadLanguageModel, type LanguageModel, type ModelUsage } from "@pgl/lm";

/** Language models by alias: loaded ones, specs to load, or aliases that stand for one of these. */
export type LanguageModels = Readonly<Record<string, LanguageModel | LanguageModelAlias | string>>;

/** An alias a program declares, with what it is declared with. */
export interface DeclaredAlias {
  readonly name: string;
  readonly model: LanguageModel | string;
  /** Directory that file paths in a spec start from. */
  readonly directory: string;
  /** What the declaration names to look ahead with, for the model that it declares. */
  readonly surrogate?: { readonly path: string; readonly site: Site } | undefined;
}

/** Loaded models by spec: a model of some gigabytes is not loaded once for each run. */
const loaded = new Map<string, Promise<LanguageModel>>();

/**
 * The language models a run needs: those given, and for the other aliases what they are declared with. Specs given as
 * text are read relative to the current directory. A spec is loaded once in a process; `unloadLanguageModels` frees them.
 */
export async function bindLanguageModels(
  declared: readonly DeclaredAlias[],
  given: LanguageModels = {},
): Promise<ReadonlyMap<string, LanguageModel>> {
  const bound = new Map<string, LanguageModel>();
  for (const [name, model] of Object.entries(given)) {
    bound.set(name, await modelOf(model instanceof LanguageModelAlias ? standsFor(model) : model, process.cwd()));
  }
  for (const { name, model, directory } of declared) {
    if (!bound.has(name)) bound.set(name, await modelOf(model, directory));
  }
  return bound;
}

/** What an alias is made from. */
export function standsFor({ name, bound, spec }: LanguageModelAlias): LanguageModel | string {
  const model = bound ?? spec;
  if (model === null) throw new MethodError("PGLT017", `The alias \`${name}\` stands for no language model.`);
  return model;
}

const modelOf = (model: LanguageModel | string, directory: string): LanguageModel | Promise<LanguageModel> =>
  typeof model === "string" ? load(model, directory) : model;

function load(spec: string, directory: string): Promise<LanguageModel> {
  const key = `${directory}\0${spec}`;
  let model = loaded.get(key);
  if (model === undefined) {
    model = loadLanguageModel(spec, { directory });
    loaded.set(key, model);
    // A failed load may succeed the next time: the file is there now, the server is up.
    model.catch(() => loaded.delete(key));
  }
  return model;
}

/** Frees every model that runs of this process have loaded from specs. Runs that still use them fail. */
export async function unloadLanguageModels(): Promise<void> {
  const models = [...loaded.values()];
  loaded.clear();
  for (const model of models) {
    const ready = await model.catch(() => null);
    await ready?.dispose();
  }
}

/** What several models have used together, counted from now on. A model bound to two aliases counts once. */
export function meter(models: Iterable<LanguageModel>): () => ModelUsage {
  const starts = [...new Set(models)].map((model) => ({ stats: model.stats, before: model.stats.snapshot() }));
  return () => {
    const sum = { calls: 0, tokens: 0, cachedTokens: 0, time: 0 };
    for (const { stats, before } of starts) {
      const used = stats.since(before);
      sum.calls += used.calls;
      sum.tokens += used.tokens;
      sum.cachedTokens += used.cachedTokens;
      sum.time += used.time;
    }
    return sum;
  };
}
