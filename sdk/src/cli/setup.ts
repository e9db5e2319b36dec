/** `foldlab setup`: TensorFlow for this machine, and the project's link to it. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { BUILD_KINDS, type Build } from '../backends/cache.js';
import { ensureLink, projectRoot, type LinkState } from '../backends/link.js';
import { setUpTensorflow } from '../backends/setup.js';

interface SetupFlags {
  readonly project: string;
  readonly force: boolean;
}

export function registerSetup(program: Command): void {
  program
    .command('setup')
    .description('build TensorFlow for this machine once, and link it into the project')
    .option('--project <dir>', 'the project to link it into', '.')
    .option('--force', 'build anew even when all is there', false)
    .addHelpText(
      'after',
      `\nFOLDLAB_TENSORFLOW=${BUILD_KINDS.join('|')} chooses the kind, FOLDLAB_CACHE the folder (default ~/.cache/foldlab)`,
    )
    .action(setup);
}

async function setup({ project, force }: SetupFlags): Promise<void> {
  const started = performance.now();
  const elapsed = () => `${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s`;
  let said = '';
  const log = (line: string) => {
    said += `${line}\n`;
    console.log(`${elapsed()}  ${line}`);
  };
  const build = await setUpTensorflow({ log, force });
  const { notice } = build.stamp;
  // set-up has said it already when it has just fallen back
  if (notice && !said.includes(notice)) log(notice);
  const state = ensureLink(resolve(project));
  log(`${describeBuild(build)}; ${describeLink(state, resolve(project))}`);
}

function describeBuild({ kind, dir, stamp }: Build): string {
  const name =
    stamp.tensorflowVersion === null
      ? `TensorFlow.js ${stamp.tfjsVersion} (${kind})`
      : `TensorFlow ${stamp.tensorflowVersion} (${kind})`;
  return `${name} is ready in ${dir}`;
}

function describeLink(state: LinkState, project: string): string {
  const root = projectRoot(project) ?? project;
  switch (state) {
    case 'made':
      return `linked into ${root}`;
    case 'kept':
      return `linked in ${root}`;
    case 'foreign':
      return `${root} has a @tensorflow/tfjs-node-gpu of its own, which was left alone`;
    case 'no-project':
    case 'no-build':
      return `${project} is in no npm project, so cells there get no types of it`;
  }
}
