export interface Thing {
  readonly inner: Map<string, number>;
}
export function happiness(text: string): number {
  return text.length;
}
export async function fetchScore(text: string): Promise<number> {
  return -text.length;
}
export function makeThing(n: number): Thing {
  return { inner: new Map([["n", n]]) };
}
export function useThing(thing: Thing): number {
  return thing.inner.size;
}
