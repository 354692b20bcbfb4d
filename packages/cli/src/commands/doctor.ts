import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { constraintCache, describeEngine, loadLanguageModel, version } from "@pgl/core";
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
  for (const look of [node, pgl, embeddedModel, tensors, cache, writeAccess]) {
    try {
      findings.push(...[await look(io)].flat());
    } catch (error) {
      findings.push({
        name: look.name,
        status: "broken",
        detail: error instanceof Error ? error.message : String(error),
      });
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
    io.write(
      healthy ? "\nEverything that is needed works.\n" : `\n${c.red("Something that is needed does not work.")}\n`,
    );
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

function pgl(): Finding {
  return { name: "PGL", status: "ok", detail: version };
}

/** What the embedded model is known to answer: the likeliest next token of this text, and its log-probability in nats. */
const KNOWN = {
  text: "Once upon a time, there was a little",
  next: " girl",
  logProbability: -0.3287,
  tolerance: 0.005,
};

/** Loads the embedded model in the engine it runs in, and compares an answer of it with the known one. */
async function embeddedModel(): Promise<Finding[]> {
  const start = performance.now();
  const model = await loadLanguageModel("stories");
  const loaded = performance.now() - start;
  const { vocabulary } = model;
  const begin = vocabulary.bosId === null ? [] : [vocabulary.bosId];
  const row = await model.logProbabilities([Int32Array.from([...begin, ...vocabulary.encode(KNOWN.text)])]);
  await model.dispose();
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  const answer = vocabulary.text(best);
  const right = answer === KNOWN.next && Math.abs(row[best]! - KNOWN.logProbability) < KNOWN.tolerance;
  const shown = `log P(${JSON.stringify(answer)}) = ${row[best]!.toFixed(4)}`;
  return [
    onnxEngine((model as { readonly engine?: string }).engine ?? "unknown"),
    {
      name: "embedded model",
      status: right ? "ok" : "broken",
      detail: right
        ? `stories, ${vocabulary.size} tokens, loaded in ${duration(loaded)}; ${shown} as it should be`
        : `stories answers ${shown}, and should answer log P(${JSON.stringify(KNOWN.next)}) = ${KNOWN.logProbability}`,
      ...(right ? {} : { hint: "The model file or the engine is damaged: install @pgl/lm again." }),
    },
  ];
}

function onnxEngine(name: string): Finding {
  const detail = `${name} ${versionOf(name) ?? ""}`.trim();
  if (name !== "onnxruntime-web") return { name: "ONNX engine", status: "ok", detail };
  const hint = "The native engine is several times faster: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node";
  return { name: "ONNX engine", status: "ok", detail: `${detail} (WebAssembly)`, hint };
}

const OPTIONAL = [
  { name: "@tensorflow/tfjs-node-gpu", engine: "gpu", gives: "tensors on a CUDA GPU" },
  { name: "@tensorflow/tfjs-node", engine: "node", gives: "tensors in native code" },
] as const;

/** The tensor engine that is taken, those that are there and do not work, and those that could be installed. */
async function tensors(): Promise<Finding[]> {
  const { name, detail, passedOver, warning } = await describeEngine();
  const used: Finding = {
    name: "tensor engine",
    status: "ok",
    detail: `${name}: ${detail}`,
    ...(warning === null ? {} : { hint: warning }),
  };
  const others = OPTIONAL.filter(({ engine }) => engine !== name).map(({ name: pack, engine, gives }): Finding => {
    const found = versionOf(pack);
    if (found === undefined)
      return { name: pack, status: "missing", detail: `optional: ${gives}`, hint: `npm install ${pack}` };
    const problem = passedOver.find((passed) => passed.name === engine)?.problem;
    if (problem === undefined) return { name: pack, status: "ok", detail: `${found}, not used` };
    return { name: pack, status: "missing", detail: `${found} is installed, and does not work: ${problem}` };
  });
  return [used, ...others];
}

/** Where compiled constraints are kept. */
function cache({ environment }: Io): Finding {
  const { folder, constraints, bytes, writable } = constraintCache(environment);
  const name = "constraint cache";
  if (folder === null) {
    return { name, status: "missing", detail: "turned off", hint: "Unset PGL_CACHE, or name a folder by it." };
  }
  const held = `${constraints} compiled ${constraints === 1 ? "constraint" : "constraints"}, ${(bytes / 2 ** 20).toFixed(1)} MB`;
  if (writable) return { name, status: "ok", detail: `${folder}: ${held}` };
  return {
    name,
    status: "missing",
    detail: `${folder} cannot be written to: large constraints are compiled in every run`,
    hint: "PGL_CACHE names another folder, or `off`.",
  };
}

function writeAccess({ directory }: Io): Finding {
  try {
    accessSync(directory, constants.W_OK);
    return { name: "working folder", status: "ok", detail: `${directory} can be written to` };
  } catch {
    return {
      name: "working folder",
      status: "missing",
      detail: `${directory} cannot be written to`,
      hint: "`pgl fmt` and `pgl compile` need to write; `pgl run` does not.",
    };
  }
}

/** The version of an installed package, looked for from where PGL's own packages are. */
function versionOf(name: string): string | undefined {
  const here = createRequire(import.meta.url);
  const places = [here];
  for (const [from, next] of [
    [0, "@pgl/core"],
    [1, "@pgl/lm"],
    [1, "@pgl/runtime"],
  ] as const) {
    try {
      const base = places[from];
      if (base !== undefined) places.push(createRequire(base.resolve(`${next}/package.json`)));
    } catch {
      // A package that is not installed as its own folder has nothing beside it to be found.
    }
  }
  for (const require of places) {
    try {
      return (require(`${name}/package.json`) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return undefined;
}
