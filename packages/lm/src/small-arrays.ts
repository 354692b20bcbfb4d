/** Bytes of the buffers that small arrays are parts of. */
const CHUNK = 1 << 15;

let floats = new Float64Array(0);
let floatsUsed = 0;
let ints = new Int32Array(0);
let intsUsed = 0;

/**
 * A fresh array of zeros, for a few numbers that many are made of: a part of a larger buffer, which stays as long as any of its
 * parts does. V8 has a typed array of more than 64 bytes outside its heap, and an allocation and a finaliser for each.
 */
export function smallFloats(length: number): Float64Array {
  if (8 * length > CHUNK / 8) return new Float64Array(length);
  if (floatsUsed + length > floats.length) {
    floats = new Float64Array(CHUNK / 8);
    floatsUsed = 0;
  }
  return floats.subarray(floatsUsed, (floatsUsed += length));
}

/** The same of integers. */
export function smallInts(length: number): Int32Array {
  if (4 * length > CHUNK / 8) return new Int32Array(length);
  if (intsUsed + length > ints.length) {
    ints = new Int32Array(CHUNK / 4);
    intsUsed = 0;
  }
  return ints.subarray(intsUsed, (intsUsed += length));
}
