import { logGammaDensity } from "./gamma-density.js";
import { logBinomial, logGamma, normalQuantile } from "./special.js";

/**
 * Inverses of the regularised incomplete gamma and beta functions. They are solved for the logarithm (the log-odds) of the
 * answer, and for the log of the smaller of the two tails, so that no digits are lost at either end: both logs are concave there
 * or nearly so, and Newton's method, kept inside a bracket, needs few steps. Each step costs O(√parameter).
 */

/** A number and its derivative. */
interface Slope {
  readonly value: number;
  readonly slope: number;
}

/** Where a rising (or falling) function is zero, by Newton steps inside a bracket that grows from `start`. */
function root(f: (u: number) => Slope, rises: boolean, start: number): number {
  let low = -Infinity;
  let high = Infinity;
  let u = start;
  let reach = 1;
  for (let i = 0; i < 500; i++) {
    const { value, slope } = f(u);
    if (value === 0) return u;
    // On which side of u the root is.
    const above = value < 0 === rises;
    if (above) low = u;
    else high = u;
    let next = u - value / slope;
    const outside = !(next > low && next < high);
    if (outside) {
      if (low > -Infinity && high < Infinity) next = low + (high - low) / 2;
      else next = above ? u + (reach *= 2) : u - (reach *= 2);
    }
    if (Math.abs(next - u) <= 1e-15 * Math.max(1, Math.abs(u)) || next === low || next === high) return next;
    u = next;
  }
  return u;
}

/** log P or log Q of the gamma distribution of this shape and rate 1 at x = e^u, with its derivative by u. */
function logGammaTail(shape: number, u: number, upper: boolean): Slope {
  const x = Math.exp(u);
  // x times the density: what either tail changes by along u. Below the smallest float its log is still known.
  const logFront = x > 1e-300 && x < Infinity ? logGammaDensity(x, shape, 1) + u : shape * u - x - logGamma(shape);
  let log: number;
  let isUpper: boolean;
  if (x < shape + 1) {
    // P = front · Σ xⁿ / (shape (shape+1) … (shape+n))
    let term = 1 / shape;
    let sum = term;
    for (let n = 1; term > 1e-17 * sum; n++) sum += term *= x / (shape + n);
    log = logFront + Math.log(sum);
    isUpper = false;
  } else {
    // Q by Legendre's continued fraction, evaluated by Lentz's algorithm.
    let b = x + 1 - shape;
    let c = 1 / 1e-300;
    let d = 1 / b;
    let h = d;
    for (let i = 1; ; i++) {
      const a = -i * (i - shape);
      b += 2;
      d = 1 / nonzero(a * d + b);
      c = nonzero(b + a / c);
      const change = c * d;
      h *= change;
      if (!(Math.abs(change - 1) > 1e-16)) break;
    }
    log = logFront + Math.log(h);
    isUpper = true;
  }
  const wanted = isUpper === upper ? Math.min(0, log) : Math.log1p(-Math.min(1, Math.exp(log)));
  return { value: wanted, slope: (upper ? -1 : 1) * Math.exp(logFront - wanted) };
}

const nonzero = (x: number): number => (Math.abs(x) < 1e-300 ? 1e-300 : x);

/**
 * log of the x with P(shape, x) = `below`; `above` is 1 − `below`, given as exactly as it is known. Both are above 0.
 */
export function logGammaQuantile(shape: number, below: number, above: number): number {
  const upper = above < below;
  const target = Math.log(upper ? above : below);
  const z = upper ? -normalQuantile(above) : normalQuantile(below);
  if (shape > 1e8) {
    // Cornish and Fisher's expansion; the next term is below 1e-16 of x.
    const s = Math.sqrt(shape);
    return Math.log(shape + s * z + (z * z - 1) / 3 + (z * z * z - 7 * z) / (36 * s));
  }
  // Wilson and Hilferty's cube, and for small x the power that P begins with.
  const cube = 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape));
  const small = (Math.log(below) + logGamma(shape + 1)) / shape;
  const start = shape > 1 && cube > 0.3 ? Math.log(shape) + 3 * Math.log(cube) : Math.min(small, Math.log(shape + 1));
  return root(
    (u) => {
      const { value, slope } = logGammaTail(shape, u, upper);
      return { value: value - target, slope };
    },
    !upper,
    start,
  );
}

/** log I_x(a, b) or of its complement, at log-odds u of x, with its derivative by u. */
function logBetaTail(a: number, b: number, u: number, upper: boolean, changed = false): Slope {
  // The fraction converges where x is below the mean or so; elsewhere the sides are changed.
  const x = 1 / (1 + Math.exp(-u));
  const y = 1 / (1 + Math.exp(u));
  // Once: rounding can have both sides above their means.
  if (!changed && x > (a + 1) / (a + b + 2)) {
    const { value, slope } = logBetaTail(b, a, -u, !upper, true);
    return { value, slope: -slope };
  }
  // x^a y^b / B(a, b): x y times the density.
  const logFront =
    x > 1e-300
      ? logBinomial(a, b, x, y) + Math.log(a) + Math.log(b) - Math.log(a + b)
      : a * u - logGamma(a) - logGamma(b) + logGamma(a + b);
  const log = logFront - Math.log(a) + Math.log(betaFraction(a, b, x));
  const value = upper ? Math.log1p(-Math.min(1, Math.exp(log))) : Math.min(0, log);
  return { value, slope: (upper ? -1 : 1) * Math.exp(logFront - value) };
}

/** I_x(a, b) · a B(a, b) / (x^a (1−x)^b), by the continued fraction of DLMF 8.17.22 and Lentz's algorithm. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / nonzero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; ; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    h *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    const change = c * d;
    h *= change;
    if (!(Math.abs(change - 1) > 1e-16)) return h;
  }
}

/** Log-odds of the x with I_x(a, b) = `below`; `above` is 1 − `below`. Both are above 0. */
export function betaQuantileLogit(a: number, b: number, below: number, above: number): number {
  const upper = above < below;
  const target = Math.log(upper ? above : below);
  return root(
    (u) => {
      const { value, slope } = logBetaTail(a, b, u, upper);
      return { value: value - target, slope };
    },
    !upper,
    Math.log(a) - Math.log(b),
  );
}
