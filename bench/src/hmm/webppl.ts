import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Hmm } from "./model.js";
import type { Answer, Question } from "./webppl-process.js";

/** A WebPPL process that runs one model. */
export class WebPplHmm {
  private readonly child: ChildProcess;
  /** Rejected when the process ends. */
  private readonly end: Promise<never>;

  constructor(private model: Hmm | undefined) {
    const script = fileURLToPath(new URL("./webppl-process.js", import.meta.url));
    this.child = fork(script, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.end = new Promise((_, reject) => {
      this.child.once("exit", (code) => reject(new Error(`WebPPL ended with code ${String(code)}.`)));
    });
    this.end.catch(() => {});
  }

  /** One run. @throws Error when WebPPL ends instead of answering. */
  async run(particles: number): Promise<Answer> {
    const answer = new Promise<Answer>((resolve) => this.child.once("message", (message) => resolve(message as Answer)));
    this.child.send({ model: this.model, particles } satisfies Question);
    this.model = undefined;
    return Promise.race([answer, this.end]);
  }

  stop(): void {
    this.child.kill();
  }
}
