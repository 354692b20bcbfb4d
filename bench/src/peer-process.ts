import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A process that answers questions, one at a time: a competitor whose garbage and globals stay its own. */
export class PeerProcess<Q extends object, A> {
  private readonly child: ChildProcess;
  /** Rejected when the process ends. */
  private readonly end: Promise<never>;

  /** @param script a built file beside this one. */
  constructor(
    private readonly script: string,
    args: readonly string[] = [],
  ) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.child = fork(path, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.end = new Promise((_, reject) => {
      this.child.once("exit", (code) => reject(new Error(`${script} ended with code ${String(code)}.`)));
    });
    this.end.catch(() => {});
  }

  /** @throws Error when the process ends instead of answering. */
  async ask(question: Q): Promise<A> {
    const answer = new Promise<A>((resolve) => this.child.once("message", (message) => resolve(message as A)));
    this.child.send(question);
    return Promise.race([answer, this.end]);
  }

  stop(): void {
    this.child.kill();
  }
}

/** The other side: answers each question with what `answer` gives. */
export function answering<Q, A>(answer: (question: Q) => A | Promise<A>): void {
  process.on("message", async (question) => {
    process.send!(await answer(question as Q));
  });
}
