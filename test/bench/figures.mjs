// The few figures that benchmarks share.

export const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

export const round = (value, digits = 3) => Number(value.toFixed(digits));

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
