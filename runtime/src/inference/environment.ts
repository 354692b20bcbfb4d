import { RunError } from "../errors.js";
import type { Environment } from "../machine/environment.js";
import type { Site } from "../machine/site.js";
import type { RandomSource } from "../random/source.js";

/** A warning of a run, as data. `count` says how often it came up. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly site?: Site;
  readonly count: number;
}

/** The services, randomness and warnings of one run. */
export class RunEnvironment implements Environment {
  private readonly found = new Map<string, { code: string; message: string; site?: Site; count: number }>();

  constructor(
    readonly services: ReadonlyMap<string, unknown>,
    readonly random: RandomSource,
    readonly signal?: AbortSignal,
  ) {}

  service<T>(key: string): T {
    const service = this.services.get(key);
    if (service === undefined) {
      const [kind, name] = key.split(":", 2);
      throw kind === "lm"
        ? new RunError("PGLR007", `No language model is loaded for \`${name}\`.`, {
            hint: `Pass one: --lm ${name}=stories, or { lms: { ${name}: await loadLanguageModel("stories") } }.`,
          })
        : new RunError("PGLR007", `This run has no service \`${key}\`.`);
    }
    return service as T;
  }

  warn(warning: { code: string; message: string; site?: Site }): void {
    const key = `${warning.code}@${warning.site?.file ?? ""}:${warning.site?.start ?? ""}`;
    const known = this.found.get(key);
    if (known !== undefined) known.count++;
    else this.found.set(key, { ...warning, count: 1 });
  }

  get warnings(): readonly Warning[] {
    return [...this.found.values()];
  }
}
