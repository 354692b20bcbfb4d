/** A node of a syntax tree. */
export type SyntaxNode = { readonly kind: string } & object;

/** Every node of a syntax tree, the root among them, once: in no order that means anything. */
export function* nodesIn(root: object): Generator<SyntaxNode> {
  const seen = new Set<object>();
  const queue: unknown[] = [root];
  while (queue.length > 0) {
    const node = queue.pop();
    if (typeof node !== "object" || node === null || seen.has(node)) continue;
    seen.add(node);
    if ("kind" in node && typeof node.kind === "string") yield node as SyntaxNode;
    queue.push(...Object.values(node));
  }
}
