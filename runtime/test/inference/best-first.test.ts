import fc from "fast-check";
import { expect, test } from "vitest";
import { BestFirst } from "../../src/inference/blocks/best-first.js";

test("comes out by priority, equal ones in the order they went in, with pushes in between", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(0, 1, 2, -Infinity), fc.constant(null)), { maxLength: 60 }),
      (moves) => {
        const heap = new BestFirst<number>();
        let model: { item: number; priority: number }[] = [];
        moves.forEach((priority, item) => {
          if (priority !== null) {
            heap.push(item, priority);
            model.push({ item, priority });
            return;
          }
          const best = model.reduce<(typeof model)[number] | undefined>(
            (b, e) => (b === undefined || e.priority > b.priority ? e : b),
            undefined,
          );
          expect(heap.pop()).toBe(best?.item);
          model = model.filter((e) => e !== best);
          expect(heap.size).toBe(model.length);
        });
        expect([...heap].sort()).toEqual(model.map((e) => e.item).sort());
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
