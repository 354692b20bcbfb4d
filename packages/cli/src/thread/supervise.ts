import { Worker } from "node:worker_threads";
import { Exit } from "../io.js";
import { SharedState, type FromThread, type ThreadData } from "./messages.js";

/** How long after its own limit a run may take to say so, in seconds, before it is stopped from outside. */
const GRACE = 2;

/**
 * Runs a command in a thread of its own and watches over it from here: a program or a host function that never returns
 * cannot be interrupted from the thread it holds. The first interrupt asks for an end, the second makes one.
 *
 * @returns the exit status.
 */
export function supervise(argv: readonly string[], script: URL): Promise<number> {
  const shared = new SharedState();
  const data: ThreadData = {
    argv,
    shared: shared.buffer,
    outputIsTerminal: process.stdout.isTTY === true,
    errorIsTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns || process.stderr.columns || 100,
  };
  return new Promise((resolve) => {
    const worker = new Worker(script, {
      workerData: data,
      stdin: false,
      stdout: true,
      stderr: true,
      // Node.js 24 has a larger one, of which more can survive at once than is kept free for a thread to end in order.
      resourceLimits: { maxYoungGenerationSizeMb: 48 },
    });
    // What host functions print themselves must not get into the result.
    worker.stdout.pipe(process.stderr, { end: false });
    worker.stderr.pipe(process.stderr, { end: false });
    let running = false;
    let timer: NodeJS.Timeout | undefined;
    let ended = false;

    const end = (status: number): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      process.removeListener("SIGINT", interrupt);
      void worker.terminate().then(() => resolve(status));
    };
    const interrupt = (): void => {
      if (!running || shared.interrupted) return end(Exit.interrupted);
      shared.interrupt();
      worker.postMessage("interrupt");
      process.stderr.write("\nStopping; what there is will be shown. Press Ctrl-C again to quit at once.\n");
    };
    const late = (seconds: number): void => {
      const host = shared.host;
      process.stderr.write(
        `\nerror: the run was to end after ${seconds} s (--max-time) and did not: ` +
          (host === null
            ? "a part of the program does not return.\n"
            : `the host function \`${host}\` has not returned.\n`),
      );
      end(Exit.run);
    };

    process.on("SIGINT", interrupt);
    worker.on("message", (message: FromThread) => {
      switch (message.kind) {
        case "write":
          process.stdout.write(message.text);
          break;
        case "writeError":
          process.stderr.write(message.text);
          break;
        case "running":
          running = true;
          clearTimeout(timer);
          if (message.seconds !== null) timer = setTimeout(late, (message.seconds + GRACE) * 1000, message.seconds);
          break;
        case "idle":
          running = false;
          clearTimeout(timer);
          break;
        case "exit":
          end(message.status);
          break;
      }
    });
    worker.on("error", (error: Error & { code?: string }) => {
      process.stderr.write(
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? "error: the run needs more memory than Node.js may use. Fewer particles, or NODE_OPTIONS=--max-old-space-size=8192.\n"
          : `error: ${error.message}\n`,
      );
      end(Exit.run);
    });
    worker.on("exit", (code) => {
      if (!ended) process.stderr.write(`error: the program ended the process itself (process.exit(${code})).\n`);
      end(Exit.run);
    });
  });
}
