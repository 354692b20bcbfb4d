import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Hmm } from "./model.js";
import type { Answer, Question } from "./webppl-process.js";

/** A WebPPL process that runs one model. */
export class WebPplHmm {
  private readonly child: ChildProcess;
  private model: Hmm | undefined;

  constructor(model: Hmm) {
    this.child = fork(fileURLToPath(new URL("./webppl-process.js", import.meta.url)), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.model = model;
  }

  /** One run. @throws Error when WebPPL ends instead of answering. */
  async run(particles: number): Promise<Answer> {
    this.child.send({ model: this.model, particles } satisfies Question);
    this.model = undefined;
    const answer = await Promise.race([
      once(this.child, "message"),
      once(this.child, "exit").then(([code]) => {
        throw new Error(`WebPPL ended with code ${String(code)}.`);
      }),
    ]);
    return answer[0] as Answer;
  }

  stop(): void {
    this.child.kill();
  }
}
