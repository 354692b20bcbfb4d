import { show, type Choice, type Maximum } from "@pgl/core";
import type { Colors } from "./paint.js";
import { clip } from "./width.js";

/** Draws and decisions shown at most. */
const ROWS = 20;

/** What attains a maximum: the values of the draws, or what to do in each state that the best policy may come to. */
export function renderMaximum({ choices, policy }: Maximum, columns: number, c: Colors): string {
  const lines =
    policy.length === 0
      ? choices.map((choice) => `  ${written(choice)}`)
      : policy.map(
          ({ after, probability, ...choice }) =>
            `  ${written(choice)}${after.length === 0 ? "" : c.dim(` after ${after.map(written).join(", ")}`)}` +
            (probability > 1 - 1e-9 ? "" : c.dim(`  (${(probability * 100).toFixed(1)}%)`)),
        );
  if (lines.length === 0) return "";
  const rest = lines.length - ROWS;
  const shown = lines.slice(0, ROWS).map((line) => clip(line, columns));
  if (rest > 0) shown.push(c.dim(`  … ${rest} more`));
  return `${c.dim(policy.length === 0 ? "attained by" : "policy")}\n${shown.join("\n")}\n`;
}

const written = ({ site, value }: Choice): string => `${site.name} = ${show(value)}`;
