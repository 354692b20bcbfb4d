import { interleaved, median } from "../clock.js";
import { PeerProcess } from "../peer-process.js";
import type { Row } from "../row.js";
import type { Answer, Question } from "./process.js";

const ROUNDS = 9;
/** Runs a turn. */
const REPEATS = 6;

const names = { span: "one `text`", steered: "`next`, a factor each, resampling" } as const;

/**
 * The embedded story model with 64 particles: a program against a loop that makes the same model calls by hand, in two
 * processes that take turns. Wall-clock time by the token that the model has read: particles may end early, and resampling
 * leaves more or fewer different contexts.
 */
export async function storiesSuite(): Promise<Row[]> {
  const peers = {
    program: new PeerProcess<Question, Answer>("./stories-process.js"),
    loop: new PeerProcess<Question, Answer>("./stories-process.js"),
  };
  const rows: Row[] = [];
  try {
    for (const what of ["span", "steered"] as const) {
      for (const tokens of [40, 64]) rows.push(await compare(peers, what, tokens));
    }
  } finally {
    peers.program.stop();
    peers.loop.stop();
  }
  return rows;
}

async function compare(
  peers: Readonly<Record<Question["who"], PeerProcess<Question, Answer>>>,
  what: Question["what"],
  tokens: number,
): Promise<Row> {
  const answers = { program: [] as Answer[], loop: [] as Answer[] };
  const turn = (who: Question["who"]) => async (): Promise<number> => {
    const answer = await peers[who].ask({ who, what, tokens, repeats: REPEATS });
    answers[who].push(answer);
    return (1e6 * answer.wall) / answer.tokens;
  };
  const results = await interleaved({ program: turn("program"), loop: turn("loop") }, { rounds: ROUNDS, warmup: 1 });
  const measured = median(results.program);
  const theirs = median(results.loop);
  const cpu = (who: Question["who"]): number => median(answers[who].map((a) => (1e6 * a.cpu) / a.tokens));
  const work = (who: Question["who"]): string => {
    const sum = (of: "calls" | "tokens"): number =>
      answers[who].reduce((total, a) => total + a[of], 0) / answers[who].length;
    return `${sum("calls") / REPEATS} calls and ${Math.round(sum("tokens") / REPEATS)} tokens a run`;
  };
  return {
    suite: "stories",
    what: `N=64, ${tokens} tokens, ${names[what]}`,
    unit: "µs/model token",
    measured,
    rounds: results.program,
    peer: { name: "bare loop", measured: theirs, rounds: results.loop },
    ratio: measured / theirs,
    ratioOf: "times as long",
    goal: { of: "ratio", relation: "at most", bound: 1.15 },
    note: `the program makes ${work("program")}, the loop ${work("loop")}; CPU time ${(cpu("program") / cpu("loop")).toFixed(2)} times`,
  };
}
