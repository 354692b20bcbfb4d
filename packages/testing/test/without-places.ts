/** A tree without spans and spellings: what two texts of one program have in common. */
export function withoutPlaces(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPlaces);
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(
    ([key, value]) => !["span", "raw", "rawTexts"].includes(key) && value !== undefined,
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutPlaces(value)]));
}
