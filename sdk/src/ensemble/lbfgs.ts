/** Minimises a smooth convex function: limited-memory BFGS with a backtracking line search. */

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Largest absolute entry of the gradient there. */
  readonly slope: number;
  readonly steps: number;
}

export interface LbfgsOptions {
  /** Ends when no entry of the gradient is larger. Default 1e-8. */
  readonly tolerance?: number;
  /** Default 1000. */
  readonly maxSteps?: number;
}

/** Pairs of steps and gradients that are kept. */
const MEMORY = 10;
const ENOUGH = 1e-4;
const MOST_HALVINGS = 60;
const ROUNDING = 4 * Number.EPSILON;

/**
 * Source: Nocedal & Wright, Numerical optimization (2006), algorithms 3.1, 7.4 and 7.5.
 *
 * @param gradient fills its second argument and returns the value
 */
export function lbfgs(
  start: Float64Array,
  gradient: (x: Float64Array, into: Float64Array) => number,
  options: LbfgsOptions = {},
): Minimum {
  const { tolerance = 1e-8, maxSteps = 1000 } = options;
  const n = start.length;
  let x = Float64Array.from(start);
  let g = new Float64Array(n);
  let value = gradient(x, g);
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let steps = 0;
  while (largest(g) > tolerance && steps < maxSteps) {
    const direction = towards(g, pairs);
    const slope = dot(g, direction);
    let size = pairs.length === 0 ? Math.min(1, 1 / largest(g)) : 1;
    const next = new Float64Array(n);
    const nextG = new Float64Array(n);
    let nextValue = Infinity;
    let halvings = 0;
    for (; halvings < MOST_HALVINGS; halvings++, size /= 2) {
      for (let i = 0; i < n; i++) next[i] = x[i]! + size * direction[i]!;
      nextValue = gradient(next, nextG);
      // near the minimum the value is only known up to rounding
      if (nextValue <= value + ENOUGH * size * slope + ROUNDING * Math.abs(value)) break;
    }
    // no smaller value can be told apart: this is as far as numbers go
    if (halvings === MOST_HALVINGS) break;
    const s = next.map((entry, i) => entry - x[i]!);
    const y = nextG.map((entry, i) => entry - g[i]!);
    const curvature = dot(s, y);
    if (curvature > 1e-300) {
      pairs.push({ s, y, rho: 1 / curvature });
      if (pairs.length > MEMORY) pairs.shift();
    }
    [x, g, value] = [next, nextG, nextValue];
    steps++;
  }
  return { x, value, slope: largest(g), steps };
}

/** The two-loop recursion. */
function towards(
  g: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = g.map((entry) => -entry);
  const alphas: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, rho } = pairs[i]!;
    const alpha = rho * dot(s, q);
    alphas[i] = alpha;
    for (let j = 0; j < q.length; j++) q[j]! -= alpha * y[j]!;
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let j = 0; j < q.length; j++) q[j]! *= scale;
  }
  pairs.forEach(({ s, y, rho }, i) => {
    const beta = rho * dot(y, q);
    for (let j = 0; j < q.length; j++) q[j]! += (alphas[i]! - beta) * s[j]!;
  });
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
