import { beforeAll, describe, expect, it } from "vitest";
import { loadLanguageModel, ModelSession, type LanguageModel } from "../../src/index.js";
import { letters } from "../tables.js";

describe("hidden states", () => {
  let stories: LanguageModel;
  beforeAll(async () => {
    stories = await loadLanguageModel("stories");
  });

  it("come with rows, and are the same when the row came without", async () => {
    const tokens = stories.vocabulary.encode("Once upon a time there was a cat.");
    const nodesOf = (session: ModelSession): number[] => {
      let node = session.tree.child(0, stories.vocabulary.bosId!);
      return Array.from(tokens, (token) => (node = session.tree.child(node, token)));
    };
    const one = new ModelSession(stories);
    const [early, late] = [nodesOf(one)[3]!, nodesOf(one).at(-1)!];
    await one.rows([early]);
    await one.rows([late]);
    expect(one.givesHidden).toBe(true);
    const drawn = [one.knownHidden(early)!, one.knownHidden(late)!];
    expect(drawn.map((h) => h.length)).toEqual([128, 128]);

    // Scored paths give the rows inside without their states.
    const other = new ModelSession(stories);
    await other.rows(nodesOf(other));
    expect(other.knownHidden(early)).toBeNull();
    const asked = await other.hidden([early, late, early]);
    for (const [found, state] of [
      [asked[0]!, drawn[0]!],
      [asked[1]!, drawn[1]!],
    ] as const) {
      found.forEach((x, i) => expect(x).toBeCloseTo(state[i]!, 3));
    }
    expect(asked[2]).toBe(asked[0]);
    expect(other.knownHidden(early)).toBe(asked[0]);
  });

  it("are refused of a model that has none", async () => {
    const session = new ModelSession(letters());
    expect(session.givesHidden).toBe(false);
    await expect(session.hidden([0])).rejects.toMatchObject({ code: "PGLM025" });
  });
});
