// The project's own Python environment.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, SetupFailure } from './steps.mjs';

export const VENV = join(ROOT, '.venv');

/** A program of .venv, for example venvProgram('jupyter'). */
export function venvProgram(name) {
  return process.platform === 'win32' ? join(VENV, 'Scripts', `${name}.exe`) : join(VENV, 'bin', name);
}

const OLDEST = [3, 10];
const NAMES = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/** A Python ≥ 3.10 that can make virtual environments: `PYTHON` of the environment, else the first on PATH. */
export function findPython() {
  const refused = [];
  for (const name of process.env.PYTHON ? [process.env.PYTHON] : NAMES) {
    const version = pythonVersion(name);
    if (version === null) continue;
    const [major, minor] = version.numbers;
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      refused.push(`${name} is ${major}.${minor}`);
    } else if (!version.hasVenv) {
      refused.push(`${name} ${major}.${minor} lacks venv (on Debian and Ubuntu: apt install python3-venv)`);
    } else {
      return name;
    }
  }
  throw new SetupFailure(
    `Cannot set up Jupyter: it needs Python >= ${OLDEST.join('.')} with venv; ` +
      `${refused.length ? refused.join(', ') : 'no Python was found'}. ` +
      'Install one, or name it: PYTHON=/path/to/python3 npm start',
  );
}

function pythonVersion(name) {
  const code =
    'import sys, importlib.util as u; print(sys.version_info[0], sys.version_info[1], ' +
    'int(all(u.find_spec(m) for m in ("venv", "ensurepip"))))';
  try {
    const text = execFileSync(name, ['-c', code], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    const [major, minor, hasVenv] = text.trim().split(' ').map(Number);
    return { numbers: [major, minor], hasVenv: hasVenv === 1 };
  } catch {
    return null;
  }
}
