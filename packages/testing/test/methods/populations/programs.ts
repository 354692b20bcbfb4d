import { bernoulli, categorical, uniformInt } from "@pgl/runtime";
import { scriptModel, type Script } from "../../script-model.js";
import { t3Model } from "./t3-models.js";
import type { Subject } from "./executions.js";

/** Small programs, each with something that careless methods get wrong. */
export const smallPrograms: Readonly<Record<string, Subject>> = {
  "T3, imperfect twist": { program: t3Model("imperfect") },
  "T3, twist and proposals": { program: t3Model("imperfect", "twist") },
  "a branch that finishes early": {
    program: scriptModel("m", (s: Script) => {
      if (s.sample("a", bernoulli(0.5))) return "short";
      s.factor(Math.log(0.5));
      const b = s.sample("b", uniformInt(0, 1));
      s.factor(Math.log(0.2 + b));
      return `long ${b}`;
    }),
  },
  "hard conditions that few survive": {
    program: scriptModel("m", (s: Script) => {
      const a = s.sample("a", uniformInt(0, 3));
      s.factor(a > 0 ? 0 : -Infinity);
      const b = s.sample("b", uniformInt(0, 1));
      s.factor(b === 1 ? 0 : -Infinity);
      return a;
    }),
  },
  "a skipped resampling before an informative weight": {
    program: scriptModel("m", (s: Script) => {
      const a = s.sample("a", bernoulli(0.5));
      s.factor(a ? 0.4 : 0);
      const b = s.sample("b", bernoulli(0.5));
      s.factor(b ? 3 : -2);
      return [a, b];
    }),
  },
  "a twist that comes and goes, and proposals": {
    program: scriptModel("m", (s: Script) => {
      const a = s.sample("a", bernoulli(0.5), bernoulli(0.3));
      s.twist(a ? 2 : -1);
      const b = s.sample("b", bernoulli(0.25), bernoulli(0.75));
      s.twist(b ? -3 : 0.5);
      s.step();
      return [a, b];
    }),
  },
  "a twist of -Infinity": {
    program: scriptModel("m", (s: Script) => {
      const a = s.sample("a", uniformInt(0, 2));
      s.twist(a === 2 ? -Infinity : 0.3 * a);
      const b = s.sample("b", bernoulli(0.4));
      s.factor(b ? 0.2 : -0.6);
      return [a, b];
    }),
  },
  "more factors on one branch": {
    program: scriptModel("m", (s: Script) => {
      const a = s.sample("a", bernoulli(0.3));
      if (a) {
        s.factor(0.5);
        s.sample("c", categorical([0.4, 0.6]));
        s.factor(-1);
      } else s.factor(-0.5);
      return [a, s.sample("b", bernoulli(0.5))];
    }),
  },
  "nothing that is possible": {
    program: scriptModel("m", (s: Script) => {
      s.sample("a", bernoulli(0.5));
      s.factor(-Infinity);
      return 0;
    }),
  },
};
