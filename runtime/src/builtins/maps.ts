import { ValueMap } from "../values.js";
import { wrongKind } from "./arguments.js";

function mapOf<K, V>(operation: string, value: ValueMap<K, V>): ValueMap<K, V> {
  if (!(value instanceof ValueMap)) throw wrongKind(operation, "a map", value);
  return value;
}

export const maps = {
  /** The value of the key, or none. */
  get: <K, V>(m: ValueMap<K, V>, k: K): V | null => {
    const value = mapOf("get", m).get(k);
    return value === undefined && !m.has(k) ? null : (value as V);
  },
  has: <K, V>(m: ValueMap<K, V>, k: K): boolean => mapOf("has", m).has(k),
  put: <K, V>(m: ValueMap<K, V>, k: K, v: V): ValueMap<K, V> => mapOf("put", m).put(k, v),
  remove: <K, V>(m: ValueMap<K, V>, k: K): ValueMap<K, V> => mapOf("remove", m).remove(k),
  keys: <K, V>(m: ValueMap<K, V>): readonly K[] => mapOf("keys", m).keys(),
  values: <K, V>(m: ValueMap<K, V>): readonly V[] => mapOf("values", m).values(),
  entries: <K, V>(m: ValueMap<K, V>): readonly (readonly [K, V])[] => mapOf("entries", m).entries(),
};
