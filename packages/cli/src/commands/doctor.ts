import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { Exit, type Io } from "../io.js";
import { duration } from "../render/number.js";
import { paint } from "../render/paint.js";

export interface DoctorOptions {
  readonly json?: boolean;
  readonly color?: string;
}

/** One thing looked at. */
export interface Finding {
  readonly name: string;
  /** `ok`; `missing`: optional and not there; `broken`: needed, and does not work. */
  readonly status: "ok" | "missing" | "broken";
  readonly detail: string;
  readonly hint?: string;
}

/** `pgl doctor`: what this installation can do. Fails when something that is needed does not work. */
export async function doctor(options: DoctorOptions, io: Io): Promise<number> {
  const findings: Finding[] = [];
  for (const look of [node, onnxRuntime, embeddedModel, tensors, optionalEngines, writeAccess]) {
    try {
      findings.push(...[await look(io)].flat());
    } catch (error) {
      findings.push({ name: look.name, status: "broken", detail: error instanceof Error ? error.message : String(error) });
    }
  }
  const healthy = findings.every((f) => f.status !== "broken");
  if (options.json === true) {
    io.write(`${JSON.stringify({ healthy, findings }, null, 2)}\n`);
  } else {
    const c = paint(io, options.color, "output");
    const marks = { ok: c.green("ok     "), missing: c.dim("missing"), broken: c.red("broken ") };
    const width = Math.max(...findings.map((f) => f.name.length));
    for (const { name, status, detail, hint } of findings) {
      io.write(`${marks[status]}  ${name.padEnd(width)}  ${detail}\n`);
      if (hint !== undefined) io.write(`${" ".repeat(11 + width)}${c.cyan("hint:")} ${hint}\n`);
    }
    io.write(healthy ? "\nEverything that is needed works.\n" : `\n${c.red("Something that is needed does not work.")}\n`);
  }
  return healthy ? Exit.fine : Exit.run;
}

function node(): Finding {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    name: "Node.js",
    status: major >= 20 ? "ok" : "broken",
    detail: `${process.version} on ${process.platform} ${process.arch}`,
    ...(major >= 20 ? {} : { hint: "PGL needs Node.js 20 or later." }),
  };
}
