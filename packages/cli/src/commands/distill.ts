import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { nodeFiles } from "@pgl/compiler";
import {
  distill as distillModel,
  loadLanguageModel,
  PglError,
  surrogateFile,
  writeSurrogate,
  type DistillOptions as Options,
  type LanguageModel,
  type StoredSurrogate,
} from "@pgl/core";
import { interruption } from "../interruption.js";
import { Exit, UsageError, type Io } from "../io.js";
import { duration, grouped } from "../render/number.js";
import { paint } from "../render/paint.js";
import { renderFailure } from "../render/diagnostics.js";
import { ProgressLine } from "../render/progress.js";

export interface DistillOptions extends Omit<Options, "signal" | "onProgress"> {
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: string;
}

/** `pgl distill`: draws a model's texts and fits to them what programs look ahead with. */
export async function distill(spec: string, options: DistillOptions, io: Io): Promise<number> {
  let model: LanguageModel;
  try {
    model = await loadLanguageModel(spec, { directory: io.directory });
  } catch (error) {
    if (error instanceof PglError) throw new UsageError(error.message, error.hint);
    throw error;
  }
  const { out, json, quiet, color, ...fit } = options;
  const path = out === undefined ? await surrogateFile(model, io.environment) : resolve(io.directory, out);
  if (path === null) {
    throw new UsageError("There is no folder of caches to keep a surrogate in (PGL_CACHE).", "Name a file: -o FILE.");
  }
  const interrupt = interruption(io);
  const progress = new ProgressLine(io, io.errorIsTerminal && quiet !== true && json !== true);
  const begun = performance.now();
  const show = (line: string): void => {
    interrupt.poll();
    progress.show(`${line}  ${duration(performance.now() - begun)}`);
  };
  let stored: StoredSurrogate;
  try {
    stored = await distillModel(model, {
      ...fit,
      signal: interrupt.signal,
      onProgress: (p) =>
        show(
          p.phase === "samples"
            ? `drawing texts: ${Math.floor((100 * p.done) / p.total)} %`
            : `round ${p.round} of ${p.rounds}: ${(-p.logLikelihood).toFixed(3)} nats a token`,
        ),
    });
    mkdirSync(dirname(path), { recursive: true });
    writeSurrogate(path, stored);
  } catch (error) {
    progress.clear();
    if (interrupt.signal.aborted) {
      io.writeError("Interrupted: a surrogate is whole or not there.\n");
      return Exit.interrupted;
    }
    io.writeError(renderFailure(error, { ...nodeFiles(io.directory), folder: io.directory }, io, color));
    return Exit.run;
  } finally {
    interrupt.over();
    await model.dispose();
  }
  progress.clear();
  const { training, content } = stored;
  const { size } = statSync(path);
  if (json === true) {
    const { entropy, crossEntropy, samples, length, seed } = training;
    io.write(
      `${JSON.stringify({ file: path, bytes: size, kind: content.kind, samples, length, seed, entropy, crossEntropy, time: performance.now() - begun }, null, 2)}\n`,
    );
    return Exit.fine;
  }
  const c = paint(io, color, "output");
  const what =
    content.kind === "hmm"
      ? `a hidden Markov model of ${grouped(content.states)} states`
      : `a Markov chain of ${grouped(content.histories.length)} histories`;
  io.write(
    `${c.bold(out ?? path)}: ${what} for ${spec}, ${Math.ceil(size / 1024)} KB, ${duration(performance.now() - begun)}\n` +
      `on texts it was not fitted to, in nats a token: ${training.crossEntropy.toFixed(3)} (the model itself: ${training.entropy.toFixed(3)})\n` +
      c.dim(
        out === undefined
          ? "programs look ahead with it wherever they use this model\n"
          : `pgl run FILE --surrogate ALIAS=${out}\n`,
      ),
  );
  return Exit.fine;
}
