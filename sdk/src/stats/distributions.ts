/**
 * Quantiles and tails of the distributions that intervals and tests need. Normal, chi-squared and log-gamma are jstat's;
 * the incomplete beta function is our own, because jstat's stops at seven digits. Equal to SciPy's to 1e-9 or better.
 */
import jstat from 'jstat';

const { gammaln, normal, chisquare, studentt } = jstat.jStat;

/** The continued fraction settles in about √max(a, b) steps. */
const MOST_STEPS = 100_000;
const TINY = 1e-300;
/** More change no digit of a number. */
const HALVINGS = 120;

/** Standard normal: z with P(Z ≤ z) = p. */
export const normalQuantile = (p: number): number => normal.inv(p, 0, 1);

/** P(Z ≤ z), Z standard normal. */
export const normalCdf = (z: number): number => normal.cdf(z, 0, 1);

/** P(|Z| ≥ |z|), Z standard normal. */
export const normalTwoSided = (z: number): number => 2 * normal.cdf(-Math.abs(z), 0, 1);

/** x with P(X ≤ x) = p, X chi-squared with `df` degrees of freedom. */
export const chiSquaredQuantile = (p: number, df: number): number => chisquare.inv(p, df);

/** P(X ≥ x) of chi-squared with one degree of freedom: the square of a standard normal. */
export const chiSquaredTail1 = (x: number): number => normalTwoSided(Math.sqrt(x));

/** P(|T| ≥ |t|), T Student's t with `df` > 0 degrees of freedom, not necessarily whole. */
export function tTwoSided(t: number, df: number): number {
  if (df === Infinity) return normalTwoSided(t);
  return regularizedBeta(df / (df + t * t), df / 2, 0.5);
}

/** t with P(T ≤ t) = p, Student's t with `df` > 0 degrees of freedom. */
export function tQuantile(p: number, df: number): number {
  if (df === Infinity) return normalQuantile(p);
  if (p === 0.5) return 0;
  if (p < 0.5) return -tQuantile(1 - p, df);
  const tail = 2 * (1 - p);
  let t = studentt.inv(p, df);
  const scale = Math.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / Math.sqrt(df * Math.PI);
  // Newton's steps from jstat's seven digits
  for (let step = 0; step < 4; step++) {
    const density = 2 * scale * (1 + (t * t) / df) ** (-(df + 1) / 2);
    t += (tTwoSided(t, df) - tail) / density;
  }
  return t;
}

/** x with P(X ≤ x) = p, X distributed as Fisher's F with `above` and `below` > 0 degrees of freedom. */
export function fQuantile(p: number, above: number, below: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Infinity;
  const [a, b] = [above / 2, below / 2];
  // X is a beta variable's odds; searched for from the end that keeps its digits
  const share = regularizedBeta(0.5, a, b) < p ? 1 / odds(1 - p, b, a) : odds(p, a, b);
  return (share * below) / above;
}

/** x / (1 − x) of the x with I_x(a, b) = p, by halving. */
function odds(p: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (regularizedBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2 / (1 - (low + high) / 2);
}

/** P(X ≤ k), X binomial(n, p) with 0 < p < 1; sums of terms are the incomplete beta function (DLMF 8.17.5). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return regularizedBeta(1 - p, n - k, k + 1);
}

/**
 * The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22) with Lentz's method.
 */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // the fraction converges quickly below the mean only
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return front * fraction;
}

const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
