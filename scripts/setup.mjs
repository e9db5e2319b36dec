// All set-up, each part only when it is needed: npm packages, the built sdk, a .venv with Jupyter, the kernel, JupyterLab's
// extension, TensorFlow.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findPython, VENV, venvProgram } from './python.mjs';
import { announce, command, hashOf, main, ROOT, SetupFailure, step, unlessStamped } from './steps.mjs';

const OLDEST_NODE = [20, 19];

/**
 * Sets up what is missing; quick when nothing is.
 * @param {{ jupyter?: boolean, tensorflow?: boolean }} parts beside the npm packages and the sdk
 */
export async function setUp({ jupyter = false, tensorflow = false } = {}) {
  checkNode();
  await step('npm packages', installPackages);
  await step('sdk', buildSdk);
  if (jupyter) {
    await step('Jupyter', installJupyter);
    await step('kernel', installKernel);
    await step('JupyterLab extension', buildAndInstallExtension);
  }
  if (tensorflow) await step('TensorFlow', setUpTensorFlow);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupFailure(
    `Cannot start: foldlab needs Node.js >= ${OLDEST_NODE.join('.')}; this is ${process.versions.node}. ` +
      'Get a newer one from https://nodejs.org or your version manager',
  );
}

async function installPackages() {
  if (packagesMatchLock()) return 'up to date';
  announce('npm packages', 'installing');
  // npm says where its own program is when it started us; Windows cannot start npm.cmd without a shell
  const npm = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : null;
  await (npm ? command(process.execPath, [npm, 'ci']) : command('npm', ['ci']));
  return 'installed';
}

/** Whether node_modules holds what package-lock.json says, by the record that npm leaves there. */
function packagesMatchLock() {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const wanted = Object.entries(locked).filter(([path]) => path.startsWith('node_modules/'));
  return (
    // packages for other platforms are optional and absent here
    wanted.every(([path, entry]) =>
      path in installed ? installed[path].version === entry.version : entry.optional === true,
    ) && Object.keys(installed).every((path) => path in locked)
  );
}

async function buildSdk() {
  const sdk = join(ROOT, 'sdk');
  // never node_modules/.bin/tsc: that one is the older compiler inside tslab
  const compiler = createRequire(join(ROOT, 'package.json')).resolve('typescript/bin/tsc');
  const { version } = createRequire(compiler)('../package.json');
  const key = hashOf([join(sdk, 'src'), join(sdk, 'tsconfig.json')], version);
  const stamp = join(sdk, 'dist', '.foldlab-stamp');
  if (!isWhole(join(sdk, 'src'), join(sdk, 'dist'))) rmSync(stamp, { force: true });
  return unlessStamped(stamp, key, async () => {
    // nothing stays of a source that is gone: the package would carry it
    rmSync(dirname(stamp), { recursive: true, force: true });
    await command(process.execPath, [compiler, '-p', sdk]);
    return 'built';
  });
}

/** Whether every source has its compiled file: a stamp alone would vouch for files that were deleted since. */
function isWhole(sources, compiled) {
  return readdirSync(sources, { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .every((file) => existsSync(join(compiled, file.replace(/\.ts$/, '.js'))));
}

async function installJupyter() {
  const requirements = join(ROOT, 'scripts', 'requirements.txt');
  const python = venvProgram('python');
  const stamp = join(VENV, '.foldlab-stamp');
  const works = await canRun(python);
  // a .venv that was copied, or whose Python is gone, is made anew
  if (!works) rmSync(stamp, { force: true });
  return unlessStamped(stamp, hashOf([requirements]), async () => {
    announce('Jupyter', 'installing into .venv');
    if (!works) await command(findPython(), ['-m', 'venv', '--clear', VENV]);
    await command(python, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      requirements,
    ]);
    return 'installed';
  });
}

async function canRun(python) {
  try {
    await command(python, ['-c', '']);
    return true;
  } catch {
    return false;
  }
}

async function installKernel() {
  const require = createRequire(import.meta.url);
  const { installKernelspec } = require('../sdk/dist/cli/kernelspec.js');
  await installKernelspec({ prefix: VENV, projectDir: ROOT });
  return 'installed';
}

/** Built by jupyter-builder into lab-extension/labextension, and copied into .venv where JupyterLab looks. */
async function buildAndInstallExtension() {
  const extension = join(ROOT, 'lab-extension');
  const built = join(extension, 'labextension');
  const sources = ['src', 'style', 'schema', 'package.json', 'tsconfig.json'].map((name) =>
    join(extension, name),
  );
  const lock = join(ROOT, 'package-lock.json');
  const key = hashOf([...sources, join(ROOT, 'sdk', 'src', 'view'), lock]);
  const build = await unlessStamped(join(extension, 'lib', '.foldlab-stamp'), key, async () => {
    const compiler = createRequire(join(ROOT, 'package.json')).resolve('typescript/bin/tsc');
    rmSync(join(extension, 'lib'), { recursive: true, force: true });
    await command(process.execPath, [compiler, '-p', extension]);
    await command(venvProgram('jupyter-builder'), ['build', extension]);
    return 'built';
  });
  const target = join(VENV, 'share', 'jupyter', 'labextensions', '@foldlab', 'lab');
  await unlessStamped(join(VENV, '.foldlab-lab-stamp'), hashOf([built]), async () => {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(dirname(target), { recursive: true });
    cpSync(built, target, { recursive: true });
    return 'installed';
  });
  return build === 'built' ? 'built and installed' : build;
}

async function setUpTensorFlow() {
  // quick when it is there already: foldlab itself knows where it was built
  await command(process.execPath, [join(ROOT, 'sdk', 'bin', 'foldlab.js'), 'setup'], { show: true });
  return 'ready';
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(() => setUp({ jupyter: true, tensorflow: true }));
}
