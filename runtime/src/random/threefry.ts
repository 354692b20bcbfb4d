/**
 * Threefry-4x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC 2011): a
 * keyed bijection of 128 bits whose outputs for different counters and keys pass the statistical batteries as independent
 * streams. It turns a source's identity and a key into the identity of a child, so streams form a tree in which no node
 * depends on what was drawn at another.
 */

const PARITY = 0x1bd11bda;

/** Encrypts the counter (c0, c1, 0, 0) under the four words of `key`. Words are int32. */
export function threefry(
  key: readonly [number, number, number, number],
  c0: number,
  c1: number,
  c2 = 0,
  c3 = 0,
): [number, number, number, number] {
  const [k0, k1, k2, k3] = key;
  const k4 = PARITY ^ k0 ^ k1 ^ k2 ^ k3;
  // The five words of the key schedule; each injection uses the first four and begins one further on than the last.
  let [a, b, c, d, e] = [k1, k2, k3, k4, k0];
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  let x2 = (c2 + k2) | 0;
  let x3 = (c3 + k3) | 0;
  // Eight rounds have different rotations; a subkey is added after every fourth.
  for (let injection = 1; injection <= 5; injection++) {
    // prettier-ignore
    if ((injection & 1) === 1) {
      x0 = (x0 + x1) | 0; x1 = ((x1 << 10) | (x1 >>> 22)) ^ x0; x2 = (x2 + x3) | 0; x3 = ((x3 << 26) | (x3 >>> 6)) ^ x2;
      x0 = (x0 + x3) | 0; x3 = ((x3 << 11) | (x3 >>> 21)) ^ x0; x2 = (x2 + x1) | 0; x1 = ((x1 << 21) | (x1 >>> 11)) ^ x2;
      x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0; x2 = (x2 + x3) | 0; x3 = ((x3 << 27) | (x3 >>> 5)) ^ x2;
      x0 = (x0 + x3) | 0; x3 = ((x3 << 23) | (x3 >>> 9)) ^ x0; x2 = (x2 + x1) | 0; x1 = ((x1 << 5) | (x1 >>> 27)) ^ x2;
    } else {
      x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0; x2 = (x2 + x3) | 0; x3 = ((x3 << 20) | (x3 >>> 12)) ^ x2;
      x0 = (x0 + x3) | 0; x3 = ((x3 << 17) | (x3 >>> 15)) ^ x0; x2 = (x2 + x1) | 0; x1 = ((x1 << 11) | (x1 >>> 21)) ^ x2;
      x0 = (x0 + x1) | 0; x1 = ((x1 << 25) | (x1 >>> 7)) ^ x0; x2 = (x2 + x3) | 0; x3 = ((x3 << 10) | (x3 >>> 22)) ^ x2;
      x0 = (x0 + x3) | 0; x3 = ((x3 << 18) | (x3 >>> 14)) ^ x0; x2 = (x2 + x1) | 0; x1 = ((x1 << 20) | (x1 >>> 12)) ^ x2;
    }
    x0 = (x0 + a) | 0;
    x1 = (x1 + b) | 0;
    x2 = (x2 + c) | 0;
    x3 = (x3 + d + injection) | 0;
    [a, b, c, d, e] = [b, c, d, e, a];
  }
  return [x0, x1, x2, x3];
}
