// npm start: all set-up, then the MNIST notebook, in JupyterLab or (headless) executed with a report.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { executeMnist } from './headless.mjs';
import { VENV, venvProgram } from './python.mjs';
import { setUp } from './setup.mjs';
import { main, ROOT, SetupFailure } from './steps.mjs';

const NOTEBOOK = 'notebooks/mnist.ipynb';

const USAGE = `Usage: npm start [-- options]
  --headless   execute the notebook here and write out/mnist.ipynb and out/mnist.html, without JupyterLab
               (the default where there is no display)
  --limit N    use the first N training images only: 6000 for a first look
  --json       headless, and the last line on stdout is one JSON object with the scores
  --help       this text`;

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        headless: { type: 'boolean', default: false },
        limit: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new SetupFailure(`Cannot start: ${error.message}\n\n${USAGE}`);
  }
  const limit = values.limit === undefined ? null : Number(values.limit);
  if (limit !== null && !(Number.isInteger(limit) && limit > 0)) {
    throw new SetupFailure(
      `Cannot start: --limit must be a positive whole number of images; current value is "${values.limit}"`,
    );
  }
  const noDisplay = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  return { ...values, limit, headless: values.headless || values.json || noDisplay };
}

/** Opens JupyterLab on the notebook; resolves when it was stopped. */
function openLab(env) {
  // -y: Ctrl-C stops it without a question
  const args = ['lab', '-y', NOTEBOOK];
  if (process.getuid?.() === 0) args.push('--allow-root');
  const lab = spawn(venvProgram('jupyter'), args, { cwd: ROOT, env, stdio: 'inherit' });
  // Ctrl-C reaches Jupyter by the terminal; this process stays until Jupyter has stopped its kernels
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => lab.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    lab.once('error', (error) =>
      reject(new SetupFailure(`Cannot open JupyterLab: ${error.message}; remove ${VENV} and start again`)),
    );
    lab.once('close', (code) => resolve(code ?? 0));
  });
}

await main(async () => {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  await setUp({ jupyter: true, tensorflow: true });
  const env = { ...process.env };
  if (options.limit !== null) env.FOLDLAB_LIMIT = String(options.limit);
  return options.headless
    ? executeMnist({ notebook: NOTEBOOK, limit: options.limit, json: options.json, env })
    : openLab(env);
});
