import { seeded, tensorEngine } from "@pgl/runtime";
import { interleaved, median, spent } from "../clock.js";
import type { Row } from "../row.js";
import * as loops from "./loops.js";

const ROWS = 64;
const ROUNDS = 9;

/** Particles × vocabulary work on the tensor engine this machine has, against plain loops. CPU time. */
export async function tensorSuite(): Promise<Row[]> {
  const engine = await tensorEngine();
  const rows: Row[] = [];
  for (const width of [1024, 32_000]) {
    const logits = Float32Array.from({ length: ROWS * width }, (_, i) => -Math.log(1 + ((i * 7919) % width)));
    const mask = Uint8Array.from({ length: ROWS * width }, (_, i) => (i % 3 === 0 ? 0 : 1));
    const sources = Array.from({ length: ROWS }, (_, i) => seeded(i));
    const repeats = Math.ceil(2_000_000 / (ROWS * width)) + 2;
    const compare = async (what: string, ours: () => unknown, theirs: () => unknown): Promise<void> => {
      const results = await interleaved(
        { engine: timed(ours, repeats), loop: timed(theirs, repeats) },
        { rounds: ROUNDS, warmup: 2 },
      );
      const measured = median(results.engine);
      const peer = { name: "plain loop", measured: median(results.loop), rounds: results.loop };
      rows.push({
        suite: "tensors",
        what: `${what} of ${ROWS} × ${width}, ${engine.name}`,
        unit: "ms CPU",
        measured,
        rounds: results.engine,
        peer,
        ratio: peer.measured / measured,
        ratioOf: "times as fast",
        ...(rows.length === 0 ? { note: engine.detail } : {}),
      });
    };
    await compare(
      "log-sum-exp",
      () => engine.logSumExp(logits, width),
      () => loops.logSumExp(logits, width),
    );
    await compare(
      "masked log-softmax",
      () => engine.maskedLogSoftmax(logits, width, mask),
      () => loops.maskedLogSoftmax(logits, width, mask),
    );
    await compare(
      "masked draw",
      () => engine.maskedDraw(logits, width, mask, sources),
      () => loops.maskedDraw(logits, width, mask),
    );
  }
  return rows;
}

function timed(work: () => unknown, repeats: number): () => Promise<number> {
  return async () => {
    const { cpu } = await spent(() => {
      for (let i = 0; i < repeats; i++) work();
    });
    return (1000 * cpu) / repeats;
  };
}
