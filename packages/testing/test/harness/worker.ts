/**
 * Examines batches of random programs in a process of its own: reads batches from its parent, answers with what came of
 * them. See scripts/nightly.mjs.
 */
import { examineBatch, failureFile, Tally, type Batch, type ExamineOptions, type TallyData } from "./examine.js";

export interface Order {
  readonly batch: Batch;
  readonly options: ExamineOptions;
}

export interface Answer {
  readonly tally: TallyData;
  readonly failure: {
    readonly file: string;
    readonly message: string;
    readonly seed: number;
    readonly path: string;
    /** Table models by alias, as files beside the program. */
    readonly lms: Readonly<Record<string, unknown>>;
  } | null;
}

process.on("message", (order: Order) => {
  const tally = new Tally();
  void examineBatch(order.batch, order.options, tally).then((failure) => {
    const answer: Answer = {
      tally: tally.data(),
      failure:
        failure === null
          ? null
          : {
              file: failureFile(failure, order.options),
              message: failure.message,
              seed: failure.seed,
              path: failure.path,
              lms: failure.program.lms,
            },
    };
    process.send!(answer);
  });
});
