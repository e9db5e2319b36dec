/** The environment that fixes how many threads TensorFlow uses; it is read once, when the library is loaded. */

/**
 * Variables for a worker process with `threads` CPU threads.
 *
 * The intra-op count changes the order of sums and with it the last digits of a result, so it is fixed per run. One inter-op
 * thread: tfjs executes one operation after the other, so a second one would only idle. OMP_NUM_THREADS has no effect
 * on these builds and TF_ENABLE_ONEDNN_OPTS is the user's to set. Without TF_FORCE_GPU_ALLOW_GROWTH the first process on a
 * GPU takes nearly all of its memory. TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE makes TensorFlow set up oneDNN's convolutions anew at every
 * step of more than 32 rows, to save memory that current versions hardly use (VGG16: no difference seen); off, a step of
 * a small network takes 8 % less and gives the same bits.
 * @param environment - what the user has set; the last of these variables stays as it is there.
 * @throws RangeError when threads is not a positive integer.
 */
export function threadEnvironment(
  threads: number,
  environment: NodeJS.ProcessEnv = {},
): Record<string, string> {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(
      `Cannot fix TensorFlow's threads: the count must be a positive integer; current value is ${threads}, use 1 or more`,
    );
  }
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE: environment.TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE ?? 'false',
  };
}
