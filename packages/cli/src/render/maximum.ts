import { show, type Choice, type Decision, type Maximum } from "@pgl/core";
import type { Colors } from "./paint.js";
import { clip, width } from "./width.js";

/** Draws and decisions shown at most. */
const ROWS = 20;

/** What attains a maximum: the values of the draws, or what to do in each state that the best policy may come to. */
export function renderMaximum({ choices, policy }: Maximum, columns: number, c: Colors): string {
  const lines =
    policy.length === 0
      ? choices.map((choice) => `  ${written(choice)}`)
      : policy.map((decision) => decided(decision, columns, c));
  if (lines.length === 0) return "";
  const rest = lines.length - ROWS;
  const shown = lines.slice(0, ROWS).map((line) => clip(line, columns));
  if (rest > 0) shown.push(c.dim(`  … ${rest} more`));
  return `${c.dim(policy.length === 0 ? "attained by" : "policy")}\n${shown.join("\n")}\n`;
}

/** What is decided, after what, and how likely it is to come to that. Of a long way the end is shown: it differs most. */
function decided({ after, probability, ...choice }: Decision, columns: number, c: Colors): string {
  const head = `  ${written(choice)}`;
  const tail = probability > 1 - 1e-9 ? "" : `  (${(probability * 100).toFixed(1)}%)`;
  if (after.length === 0) return head + c.dim(tail);
  let room = columns - width(`${head} after …, ${tail}`);
  const shown = after.map(written);
  let from = shown.length;
  while (from > 0 && (room -= width(shown[from - 1]!) + 2) >= -2) from--;
  return head + c.dim(` after ${from === 0 ? "" : "…, "}${shown.slice(from).join(", ")}${tail}`);
}

const written = ({ site, value }: Choice): string => `${site.name} = ${show(value)}`;
