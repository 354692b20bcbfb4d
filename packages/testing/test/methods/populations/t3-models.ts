import { categorical } from "@pgl/runtime";
import { t3 } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";

export type Twisting = "none" | "imperfect" | "optimal";
/** `base`: draws from the model; `twist`: from the model times the twist of the longer string, normalised. */
export type Proposing = "base" | "twist";

const twistOf: Record<Twisting, (prefix: string) => number> = {
  none: () => 1,
  imperfect: (prefix) => t3.imperfectTwist(prefix),
  optimal: (prefix) =>
    prefix.length === 3 ? t3.potential[[...prefix].filter((c) => c === "b").length]! : t3.optimalTwist[prefix]!,
};

/** T3 as a model: three draws, a twist (or a step) after each but the last, the potential at the end. */
export const t3Model = (twisting: Twisting, proposing: Proposing = "base") =>
  scriptModel(`T3, ${twisting} twist, ${proposing} proposal`, (s: Script) => {
    const psi = twistOf[twisting];
    let text = "";
    for (let i = 0; i < t3.steps; i++) {
      const row = [...t3.table.rows[text.slice(-1)]!];
      const here = text;
      const guided = categorical(row.map((p, v) => p * psi(here + t3.table.tokens[v]!)));
      const token = s.sample(`t${i}`, categorical(row), proposing === "twist" ? guided : undefined);
      text += t3.table.tokens[token as number]!;
      if (i === t3.steps - 1) break;
      if (twisting === "none") s.step();
      else s.twist(Math.log(psi(text)));
    }
    s.factor(Math.log(t3.potential[[...text].filter((c) => c === "b").length]!));
    return text;
  });
