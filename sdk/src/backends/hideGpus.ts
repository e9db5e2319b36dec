/**
 * The process that plans and draws never opens a GPU: TensorFlow imported in a cell would otherwise take its memory away
 * from the workers. What this process could see is kept for the discovery.
 */
const VARIABLES = ['CUDA_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES'] as const;
const saved = (name: string): string => `FOLDLAB_OUTER_${name}`;
const UNSET = '(unset)';

/** Hides all GPUs from this process. Call it before TensorFlow is loaded; the second call does nothing. */
export function hideGpus(env: NodeJS.ProcessEnv = process.env): void {
  env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  for (const name of VARIABLES) {
    if (env[saved(name)] !== undefined) continue;
    env[saved(name)] = env[name] ?? UNSET;
    env[name] = '';
  }
}

/** The environment as it was before {@link hideGpus}. */
export function outerEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const outer = { ...env };
  for (const name of VARIABLES) {
    const value = outer[saved(name)];
    delete outer[saved(name)];
    if (value === undefined) continue;
    if (value === UNSET) delete outer[name];
    else outer[name] = value;
  }
  return outer;
}
