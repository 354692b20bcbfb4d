import gammaln from "@stdlib/math-base-special-gammaln";

/** log Γ(x), x > 0. */
export const logGamma = (x: number): number => gammaln(x);

export const LOG_2PI = Math.log(2 * Math.PI);

/**
 * log n! minus Stirling's approximation, `log Γ(n+1) − ((n+½) log n − n + ½ log 2π)`, n > 0. With `deviance` it gives the
 * logs of large binomial and Poisson masses without the cancellation of their factorials (C. Loader, Fast and accurate
 * computation of binomial probabilities, 2000).
 */
export function stirlingError(n: number): number {
  if (n < 16) return SMALL_STIRLING_ERRORS[2 * n] ?? smallStirlingError(n);
  const nn = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / nn) / nn) / nn) / nn) / n;
}

const smallStirlingError = (n: number): number => logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - 0.5 * LOG_2PI;

/** Of 0, ½, 1, … 15½: counts, and halves for Student's t, are nearly all that is asked for. */
const SMALL_STIRLING_ERRORS: readonly number[] = Array.from({ length: 32 }, (_, i) => smallStirlingError(i / 2));

/** `x log(x/m) + m − x`, x ≥ 0, m > 0, without cancellation for x near m. */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  if (Math.abs(x - m) < 0.1 * (x + m)) {
    const v = (x - m) / (x + m);
    let sum = (x - m) * v;
    let term = 2 * x * v;
    const vv = v * v;
    for (let j = 3; ; j += 2) {
      term *= vv;
      const next = sum + term / j;
      if (next === sum) return sum;
      sum = next;
    }
  }
  const ratio = x / m;
  return x * (ratio < Infinity ? Math.log(ratio) : Math.log(x) - Math.log(m)) + m - x;
}

/** `deviance(k, n p)`, also where the product underflows. */
const shareDeviance = (k: number, n: number, p: number): number =>
  n * p > 1e-290 ? deviance(k, n * p) : k * (Math.log(k / n) - Math.log(p)) - k;

/** log of `rate^x e^−rate / Γ(x+1)` for real x ≥ 0, rate > 0. */
export function logPoisson(x: number, rate: number): number {
  if (x === 0) return -rate;
  return -stirlingError(x) - deviance(x, rate) - 0.5 * (LOG_2PI + Math.log(x));
}

/**
 * log of `Γ(k+l+1)/(Γ(k+1)Γ(l+1)) p^k q^l` for real k, l ≥ 0: k successes and l failures, in any order. `q` is 1 − p, given as
 * exactly as it is known.
 */
export function logBinomial(k: number, l: number, p: number, q: number): number {
  if (p === 0) return k === 0 ? 0 : -Infinity;
  if (q === 0) return l === 0 ? 0 : -Infinity;
  if (k === 0) return l === 0 ? 0 : l * (p < 0.1 ? Math.log1p(-p) : Math.log(q));
  if (l === 0) return k * (q < 0.1 ? Math.log1p(-q) : Math.log(p));
  const n = k + l;
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(l) -
    shareDeviance(k, n, p) -
    shareDeviance(l, n, q) +
    0.5 * (Math.log(n / k / l) - LOG_2PI)
  );
}

/**
 * The standard normal quantile, to about 1e-16 of its value (M. Wichura, The percentage points of the normal distribution,
 * algorithm AS 241, 1988). 0 < u < 1.
 */
export function normalQuantile(u: number): number {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q *
        (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r +
          4.5921953931549871457e4) *
          r +
          1.3731693765509461125e4) *
          r +
          1.9715909503065514427e3) *
          r +
          1.3314166789178437745e2) *
          r +
          3.387132872796366608)) /
      (((((((5.226495278852854561e3 * r + 2.8729085735721942674e4) * r + 3.930789580009271061e4) * r +
        2.1213794301586595867e4) *
        r +
        5.3941960214247511077e3) *
        r +
        6.871870074920579083e2) *
        r +
        4.2313330701600911252e1) *
        r +
        1)
    );
  }
  let r = Math.sqrt(-Math.log(q < 0 ? u : 1 - u));
  let z: number;
  if (r <= 5) {
    r -= 1.6;
    z =
      (((((((7.7454501427834140764e-4 * r + 2.27238449892691845833e-2) * r + 2.4178072517745061177e-1) * r +
        1.27045825245236838258) *
        r +
        3.64784832476320460504) *
        r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
        1.42343711074968357734) /
      (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 1.51986665636164571966e-2) * r +
        1.4810397642748007459e-1) *
        r +
        6.8976733498510000455e-1) *
        r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
        1);
  } else {
    r -= 5;
    z =
      (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.2426609473880784386e-3) * r +
        2.6532189526576123093e-2) *
        r +
        2.9656057182850489123e-1) *
        r +
        1.7848265399172913358) *
        r +
        5.4637849111641143699) *
        r +
        6.6579046435011037772) /
      (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r +
        7.868691311456132591e-4) *
        r +
        1.48753612908506148525e-2) *
        r +
        1.3692988092273580531e-1) *
        r +
        5.9983220655588793769e-1) *
        r +
        1);
  }
  return q < 0 ? -z : z;
}
