import type { Unit } from "../resolve/bindings.js";

/**
 * Groups declarations so that each comes after those it refers to; declarations that refer to each other in a circle make
 * one group (Tarjan 1972, without recursion).
 */
export function inOrder(units: readonly Unit[]): readonly (readonly Unit[])[] {
  const groups: Unit[][] = [];
  const index = new Map<Unit, number>();
  const low = new Map<Unit, number>();
  const onStack = new Set<Unit>();
  const stack: Unit[] = [];
  const enter = (unit: Unit) => {
    index.set(unit, index.size);
    low.set(unit, index.get(unit)!);
    stack.push(unit);
    onStack.add(unit);
    return { unit, next: unit.references.values() };
  };
  for (const root of units) {
    if (index.has(root)) continue;
    const work = [enter(root)];
    while (work.length > 0) {
      const { unit, next } = work[work.length - 1]!;
      const step = next.next();
      if (!step.done) {
        const other = step.value;
        if (!index.has(other)) work.push(enter(other));
        else if (onStack.has(other)) low.set(unit, Math.min(low.get(unit)!, index.get(other)!));
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent !== undefined) low.set(parent.unit, Math.min(low.get(parent.unit)!, low.get(unit)!));
      if (low.get(unit) !== index.get(unit)) continue;
      const group: Unit[] = [];
      let member: Unit;
      do {
        member = stack.pop()!;
        onStack.delete(member);
        group.push(member);
      } while (member !== unit);
      groups.push(group.reverse());
    }
  }
  return groups;
}
