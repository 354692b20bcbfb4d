import type { LanguageModel } from "@pgl/lm";
import { cpuSeconds } from "../clock.js";

/** CPU seconds that a model has spent on its rows: between being asked and answering a program does nothing else. */
export class Meter {
  seconds = 0;

  /** From now on, of whatever the model evaluates. */
  constructor(model: LanguageModel) {
    const open = model.openEvaluator!.bind(model);
    model.openEvaluator = (tree) => {
      const evaluator = open(tree);
      return {
        get bytes() {
          return evaluator.bytes ?? 0;
        },
        rows: (nodes) => this.spent(() => evaluator.rows(nodes)),
        ...(evaluator.rowsWithHidden === undefined
          ? {}
          : { rowsWithHidden: (nodes: readonly number[]) => this.spent(() => evaluator.rowsWithHidden!(nodes)) }),
      };
    };
  }

  private async spent<T>(work: () => T | Promise<T>): Promise<T> {
    const start = cpuSeconds();
    try {
      return await work();
    } finally {
      this.seconds += cpuSeconds() - start;
    }
  }
}
