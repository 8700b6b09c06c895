// How figures are printed: ours, the floor or aim beside it, in one line.
export const sorted = (values) => [...values].sort((a, b) => a - b);
export const quantile = (values, q) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * q))];
export const median = (values) => quantile(values, 0.5);
export const ms = (value) => `${value.toFixed(2)} ms`;

export function figure(name, ours, beside) {
  console.log(`${name.padEnd(58)} ${String(ours).padStart(16)}   ${beside}`);
}

export async function timed(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
