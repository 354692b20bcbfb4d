import { catalogue } from "@pgl/compiler";
import { runCodes } from "@pgl/core";
import { syntaxCodes } from "@pgl/grammar";
import { Exit, UsageError, type Io } from "../io.js";
import { paint } from "../render/paint.js";
import { wrap } from "../render/width.js";
import { suggestion } from "../suggestion.js";

export interface ExplainOptions {
  readonly color?: string;
}

interface Entry {
  readonly title: string;
  readonly explanation?: string;
  readonly example?: string;
}

/** `pgl explain`: what a code in a message means and what to do about it. */
export function explain(code: string, options: ExplainOptions, io: Io): number {
  const known: Readonly<Record<string, Entry>> = { ...titles, ...catalogue, ...runCodes };
  const asked = code.toUpperCase();
  const entry = Object.hasOwn(known, asked) ? known[asked] : undefined;
  if (entry === undefined) {
    throw new UsageError(
      `There is no code ${code}.`,
      `${suggestion(asked, Object.keys(known))}Codes are in messages, as PGL2001 or PGLW003.`,
    );
  }
  const c = paint(io, options.color, "output");
  const lines = [`${c.bold(asked)} ${entry.title}`];
  if (entry.explanation !== undefined) lines.push("", ...wrap(entry.explanation, Math.min(io.columns, 100)));
  if (entry.example !== undefined) lines.push("", ...entry.example.split("\n").map((line) => `  ${c.cyan(line)}`));
  io.write(`${lines.join("\n")}\n`);
  return Exit.fine;
}

const titles = Object.fromEntries(
  Object.entries(syntaxCodes).map(([code, title]): [string, Entry] => [code, { title }]),
);
