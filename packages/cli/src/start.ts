import { processIo } from "./process-io.js";

/**
 * Runs the command for this process. `run`, which executes programs, gets a thread of its own; the other commands end by
 * themselves. What they need is loaded only when it is needed: a thread's modules are loaded once, in the thread.
 *
 * @returns the exit status.
 */
export async function start(argv: readonly string[]): Promise<number> {
  // A reader that has had enough (`pgl … | head`) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  if (argv.includes("run")) {
    const { supervise } = await import("./thread/supervise.js");
    return supervise(argv, new URL("./thread.js", import.meta.url));
  }
  const { main } = await import("./main.js");
  return main(argv, processIo());
}
