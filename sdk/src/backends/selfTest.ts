/** Proves a build before it is published: a fresh process requires it and trains one step. */
import { SetupError } from '../errors.js';
import { packageDir, type BuildKind } from './cache.js';
import { runCommand } from './command.js';

export interface SelfTestResult {
  readonly backend: string;
  readonly tensorflowVersion: string | null;
  readonly gpu: boolean;
}

/** The gradient with respect to the filter is what WASM lacks of its own, so the step is a convolution. */
const PROGRAM = `
const tf = require(process.argv[1]);
(async () => {
  await tf.ready();
  const filter = tf.variable(tf.ones([2, 2, 1, 1]));
  const input = tf.range(0, 9).reshape([1, 3, 3, 1]);
  tf.train.sgd(1).minimize(() => tf.sum(tf.conv2d(input, filter, 1, 'valid')), false, [filter]);
  const backend = tf.backend();
  process.stdout.write(JSON.stringify({
    weights: Array.from(await filter.data()),
    backend: tf.getBackend(),
    tensorflowVersion: backend.binding?.TF_Version ?? null,
    gpu: backend.isUsingGpuDevice === true,
    // Dawn keeps a process alive
  }), () => process.exit(0));
})();
`;

/** 1 minus the sum of the four inputs that each tap of the 2 x 2 filter sees on the 3 x 3 image 0…8. */
const EXPECTED = '[-7,-11,-19,-23]';
const BACKEND: Record<BuildKind, string> = {
  cuda: 'tensorflow',
  cpu: 'tensorflow',
  wasm: 'wasm',
  js: 'cpu',
  webgpu: 'webgpu',
};

/** @throws SetupError when the build does not load, uses another backend or computes something else. */
export async function selfTest(kind: BuildKind, buildDir: string): Promise<SelfTestResult> {
  const purpose = `use the new ${kind} build of TensorFlow`;
  const printed = await runCommand(process.execPath, ['-e', PROGRAM, packageDir({ dir: buildDir })], {
    cwd: buildDir,
    // a clean NODE_OPTIONS: set-up may itself run under a loader
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true', NODE_OPTIONS: '' },
    purpose,
  });
  const { weights, ...result } = JSON.parse(printed.slice(printed.indexOf('{'))) as SelfTestResult & {
    weights: number[];
  };
  if (result.backend !== BACKEND[kind] || JSON.stringify(weights) !== EXPECTED) {
    throw new SetupError(
      `Cannot ${purpose}: it must compute ${EXPECTED} on ${BACKEND[kind]}; it computed ${JSON.stringify(weights)} on ` +
        `${result.backend}, please report this`,
    );
  }
  return result;
}
