import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { Exit, UsageError, type Io } from "./io.js";
import { paint } from "./render/paint.js";
import { version } from "./version.js";

/**
 * The `pgl` command: parses `argv` (without `node` and the script) and runs it.
 *
 * @returns the exit status: 0 fine; 1 the program is wrong; 2 the command line is wrong; 3 the run failed; 130 interrupted.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let status: number = Exit.fine;
  const program = commands(io, (result) => (status = result));
  try {
    if (argv[0]?.endsWith(".pgl") === true) {
      throw new UsageError(`\`${argv[0]}\` is a program, not a command.`, `To run it: pgl run ${argv.join(" ")}`);
    }
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and --version end this way too; commander has printed what there is to say.
      return error.exitCode === 0 ? Exit.fine : Exit.usage;
    }
    if (error instanceof UsageError) {
      const c = paint(io, program.opts<{ color?: string }>().color, "error");
      io.writeError(
        `${c.red("error:")} ${error.message}\n${error.hint === undefined ? "" : `${c.cyan("hint:")} ${error.hint}\n`}`,
      );
      return Exit.usage;
    }
    // Not foreseen: said as an error, with its stack only for those who look for the fault.
    io.writeError(
      `error: ${error instanceof Error ? error.message : String(error)}\nThis is a fault of pgl itself; PGL_DEBUG=1 shows where.\n`,
    );
    if (io.environment["PGL_DEBUG"] && error instanceof Error) io.writeError(`${error.stack ?? ""}\n`);
    return Exit.run;
  }
}

function commands(io: Io, done: (status: number) => void): Command {
  const program = new Command("pgl")
    .description("PGL: probabilistic programs over language models.")
    .version(version, "-V, --version")
    .addOption(
      new Option("--color <when>", "colours in the output").choices(["auto", "always", "never"]).default("auto"),
    )
    .showHelpAfterError("(`pgl --help` lists the commands)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.write(text),
      writeErr: (text) => io.writeError(text),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });

  program
    .command("run")
    .description("Run a query of a program and show its posterior.")
    .argument("<file>", "the .pgl file, or - for standard input")
    .argument("[query]", "which query, when the file has several (default: all of them in turn)")
    .option("--args <json>", "arguments in place of the query's own: a list in order, or an object by name")
    .option(
      "--seed <n>",
      "seed of all randomness; the same seed gives the same posterior (default: a random one, reported)",
      wholeNumber,
    )
    .option("--particles <n>", "number of particles (of samples, for importance and rejection)", positiveNumber)
    .option("--using <method>", "inference method in place of the query's own, as 'smc(particles: 64)'")
    .option("--lm <alias=spec>", "language model for an alias, as writer=onnx:./model; may be repeated", pairs, [])
    .addOption(noPass())
    .option("--max-time <seconds>", "stop after so many seconds and show what there is", time("seconds"))
    .option(
      "--twist <file>",
      "a twist that `pgl train` has written, for the draw it was trained for; may be repeated",
      several,
      [],
    )
    .option(
      "--surrogate <alias=file>",
      "what `pgl distill` has written, to look ahead with in texts of that model; may be repeated",
      pairs,
      [],
    )
    .option("--no-twists", "do not look ahead in texts that must match a constraint")
    .option(
      "--certify",
      "bound how far one sample's law is from the posterior, by repeated runs (docs/certificates.md)",
    )
    .option("--no-certify", "not even where it costs little")
    .option("--certify-repetitions <n>", "runs of each kind (default: 20)", fromTwo)
    .option(
      "--certify-executions <n>",
      "executions of the prior to look for exact draws in (default: 10000)",
      positiveNumber,
    )
    .option("--certify-bound <nats>", "what no execution's weight exceeds, where factors or densities weigh", nats)
    .option("--json", "print one JSON object")
    .option("--quiet", "no progress, notes or warnings")
    .action(async (file: string, query: string | undefined, _options: unknown, command: Command) => {
      const { run } = await import("./commands/run.js");
      done(await run(file, query, command.optsWithGlobals(), io));
    });

  program
    .command("calibrate")
    .description("Test a method on a program: are its posteriors right for data that the program would give?")
    .argument("<file>", "the .pgl file, or - for standard input")
    .argument("[query]", "which query, when the file has several")
    .option("--args <json>", "arguments in place of the query's own; they say how much data there is")
    .option("--using <method>", "inference method in place of the query's own, as 'smc(particles: 64)'")
    .option("--particles <n>", "number of particles (of samples, for importance and rejection)", positiveNumber)
    .option("--simulations <n>", "how many results and data to simulate", positiveNumber, 200)
    .option("--seed <n>", "seed of all randomness (default: a random one, reported)", wholeNumber)
    .option("--lm <alias=spec>", "language model for an alias, as writer=onnx:./model; may be repeated", pairs, [])
    .option("--svg <file>", "write the picture to a file")
    .option("--json", "print one JSON object")
    .option("--quiet", "no progress, notes or warnings")
    .action(async (file: string, query: string | undefined, _options: unknown, command: Command) => {
      const { calibrate } = await import("./commands/calibrate.js");
      done(await calibrate(file, query, command.optsWithGlobals(), io));
    });

  program
    .command("distill")
    .description("Distil a surrogate from a language model: what programs look ahead with in texts that must match.")
    .argument("<model>", "the model, as stories or onnx:FOLDER")
    .option("-o, --out <file>", "where to write it (default: the folder of caches, where runs find it)")
    .option("--kind <kind>", "markov or hmm (hidden Markov model)", "markov")
    .option("--samples <n>", "texts to draw from the model (default: 1000)", positiveNumber)
    .option("--length <n>", "tokens of a text at most (default: 96)", positiveNumber)
    .option("--order <n>", "tokens that count, of a Markov chain: 1 or 2 (default: 2)", positiveNumber)
    .option("--entries <n>", "probabilities that a Markov chain keeps (default: 24 a token)", positiveNumber)
    .option("--states <n>", "states of a hidden Markov model (default: 64)", positiveNumber)
    .option("--rounds <n>", "rounds of fitting a hidden Markov model (default: 40)", positiveNumber)
    .option("--seed <n>", "seed of the texts (default: 1)", wholeNumber)
    .option("--json", "print one JSON object")
    .option("--quiet", "no progress")
    .action(async (spec: string, _options: unknown, command: Command) => {
      const { distill } = await import("./commands/distill.js");
      done(await distill(spec, command.optsWithGlobals(), io));
    });

  program
    .command("train")
    .description("Learn a twist for a text that a query draws: where the rest of the program will weigh it well.")
    .argument("<file>", "the .pgl file, or - for standard input")
    .argument("[queries...]", "which queries, all of one model (default: all); several make the twist conditional")
    .option(
      "-o, --out <file>",
      "where to write the twist: a file or a folder; a checkpoint is written beside it (default: twists/)",
    )
    .addOption(
      new Option("--loss <name>", "what is minimised (default: ctl; dpg with --simulate)").choices([
        "ctl",
        "rl",
        "sixo",
        "fudge",
        "dpg",
      ]),
    )
    .option("--draw <name>", "which text, when the model draws several")
    .option("--simulate", "learn from exact draws: simulate an argument that the program observes")
    .option("--minutes <n>", "stop after so many minutes (default: 5)", time("minutes"))
    .option("--steps <n>", "stop after so many steps of the optimiser", positiveNumber)
    .option("--resume", "go on from the checkpoint beside the file")
    .option("--seed <n>", "seed of all randomness (default: 1)", wholeNumber)
    .option("--lm <alias=spec>", "language model for an alias, as writer=onnx:./model; may be repeated", pairs, [])
    .option("--json", "print one JSON object")
    .option("--quiet", "no progress")
    .action(async (file: string, queries: string[], _options: unknown, command: Command) => {
      const { train } = await import("./commands/train.js");
      done(await train(file, queries, command.optsWithGlobals(), io));
    });

  program
    .command("compare")
    .description(
      "Compare methods on a program: how far one sample of each is from the posterior, against what a run costs.",
    )
    .argument("<file>", "the .pgl file, or - for standard input")
    .argument("[query]", "which query, when the file has several")
    .option(
      "--using <method>",
      "a method to compare, as 'smc(ess: 1)'; may be repeated (default: the query's own)",
      several,
      [],
    )
    .option("--budgets <list>", "numbers of particles (of samples, for importance)", budgetList, [8, 16, 32, 64])
    .option("--repeats <n>", "runs at each point, and as many that are given an exact draw", fromTwo, 20)
    .option("--args <json>", "arguments in place of the query's own: a list in order, or an object by name")
    .option("--seed <n>", "seed of all randomness (default: a random one, reported)", wholeNumber)
    .option("--lm <alias=spec>", "language model for an alias, as writer=onnx:./model; may be repeated", pairs, [])
    .addOption(noPass())
    .option("--twist <file>", "a twist that `pgl train` has written; may be repeated", several, [])
    .option("--surrogate <alias=file>", "what `pgl distill` has written; may be repeated", pairs, [])
    .option("--no-twists", "do not look ahead in texts that must match a constraint")
    .option(
      "--certify-executions <n>",
      "executions of the prior to look for exact draws in (default: 10000)",
      positiveNumber,
    )
    .option("--certify-bound <nats>", "what no execution's weight exceeds, where factors or densities weigh", nats)
    .option("--svg <file>", "write the picture to a file")
    .option("--json", "print one JSON object")
    .option("--quiet", "no progress, notes or warnings")
    .action(async (file: string, query: string | undefined, _options: unknown, command: Command) => {
      const { compare } = await import("./commands/compare.js");
      done(await compare(file, query, command.optsWithGlobals(), io));
    });

  program
    .command("check")
    .description("Check programs and report everything that is wrong with them.")
    .argument("<files...>", ".pgl files, or - for standard input")
    .option("--json", "print the diagnostics as JSON")
    .action(async (files: string[], _options: unknown, command: Command) => {
      const { check } = await import("./commands/check.js");
      done(await check(files, command.optsWithGlobals(), io));
    });

  program
    .command("fmt")
    .description("Format programs in place.")
    .argument("<files...>", ".pgl files, or - for standard input")
    .option("--check", "write nothing; fail if a file is not formatted")
    .option("--stdout", "print the formatted text instead of writing it")
    .action(async (files: string[], _options: unknown, command: Command) => {
      const { fmt } = await import("./commands/fmt.js");
      done(await fmt(files, command.optsWithGlobals(), io));
    });

  program
    .command("compile")
    .description("Compile a program to TypeScript: FILE.ts, FILE.d.ts and FILE.ts.map.")
    .argument("<file>", "the .pgl file")
    .option("--out <dir>", "directory to write to (default: beside the file)")
    .addOption(noPass())
    .action(async (file: string, _options: unknown, command: Command) => {
      const { compile } = await import("./commands/compile.js");
      done(await compile(file, command.optsWithGlobals(), io));
    });

  program
    .command("explain")
    .description("Say what a code in a message means, and what to do about it.")
    .argument("<code>", "as PGL2001 or PGLW003")
    .action(async (code: string, _options: unknown, command: Command) => {
      const { explain } = await import("./commands/explain.js");
      done(explain(code, command.optsWithGlobals(), io));
    });

  program
    .command("doctor")
    .description("Look at what this installation can do, and say what is missing.")
    .option("--json", "print the findings as JSON")
    .action(async (_options: unknown, command: Command) => {
      const { doctor } = await import("./commands/doctor.js");
      done(await doctor(command.optsWithGlobals(), io));
    });

  return program;
}

/** Commander takes `--no-…` for the negation of a flag; with an argument it is an option like any other, stored as `pass`. */
function noPass(): Option {
  return new Option("--no-pass <name>", "switch a compiler pass off ('all' for every one); may be repeated")
    .argParser((name: string, earlier: unknown): readonly string[] => [
      ...(Array.isArray(earlier) ? (earlier as string[]) : []),
      name,
    ])
    .default([], "none");
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || text.trim() === "")
    throw new InvalidArgumentError("It must be a whole number from 0.");
  return value;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}

function fromTwo(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 2) throw new InvalidArgumentError("It must be a whole number from 2.");
  return value;
}

function nats(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || text.trim() === "") throw new InvalidArgumentError("It must be a number of nats.");
  return value;
}

/** A time: more than nothing. */
const time =
  (unit: string) =>
  (text: string): number => {
    const value = Number(text);
    if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError(`It must be a number of ${unit} above 0.`);
    return value;
  };

const several = (text: string, earlier: readonly string[]): readonly string[] => [...earlier, text];

function budgetList(text: string): readonly number[] {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (!numbers.every((n) => Number.isSafeInteger(n) && n >= 1))
    throw new InvalidArgumentError("It must be whole numbers from 1, as 8,16,32.");
  return numbers;
}

function pairs(text: string, earlier: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError("It must be alias=spec, as writer=stories.");
  return [...earlier, [text.slice(0, at), text.slice(at + 1)]];
}
