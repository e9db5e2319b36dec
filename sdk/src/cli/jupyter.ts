/** Finds JupyterLab and kernelspecs by looking at files: asking `jupyter` itself takes a second or more. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Python environments that a user of `dir` may mean, nearest first: each .venv upwards, the active one, that of `jupyter` on the PATH. */
function prefixes(dir: string, environment: Environment): string[] {
  const found: string[] = [];
  for (let folder = resolve(dir); ; folder = dirname(folder)) {
    found.push(join(folder, '.venv'));
    if (folder === dirname(folder)) break;
  }
  found.push(...[environment.VIRTUAL_ENV, environment.CONDA_PREFIX].filter((prefix) => prefix !== undefined));
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const program = join(folder, process.platform === 'win32' ? 'jupyter.exe' : 'jupyter');
    if (folder && existsSync(program)) found.push(dirname(dirname(realpathSync(program))));
  }
  return found.filter((prefix) => existsSync(prefix));
}

/** The kernel.json of a kernel, where Jupyter looks for it; null when there is none. */
export function findKernelspec(name: string, dir: string, environment: Environment): string | null {
  const home = environment.HOME ?? homedir();
  const user =
    environment.JUPYTER_DATA_DIR ??
    (process.platform === 'darwin'
      ? join(home, 'Library', 'Jupyter')
      : join(environment.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'jupyter'));
  const data = [
    ...(environment.JUPYTER_PATH ?? '').split(delimiter).filter(Boolean),
    user,
    ...prefixes(dir, environment).map((prefix) => join(prefix, 'share', 'jupyter')),
    '/usr/local/share/jupyter',
    '/usr/share/jupyter',
  ];
  return (
    data.map((folder) => join(folder, 'kernels', name, 'kernel.json')).find((file) => existsSync(file)) ??
    null
  );
}

/** The nearest JupyterLab and its version; null when there is none. */
export function findJupyterLab(
  dir: string,
  environment: Environment,
): { readonly version: string; readonly prefix: string } | null {
  for (const prefix of prefixes(dir, environment)) {
    for (const packages of sitePackages(prefix)) {
      const installed = readdirSync(packages).find((name) => /^jupyterlab-[\d.]+.*\.dist-info$/.test(name));
      const version = installed && /^jupyterlab-(.+)\.dist-info$/.exec(installed)?.[1];
      if (version) return { version, prefix };
    }
  }
  return null;
}

function sitePackages(prefix: string): string[] {
  const lib = join(prefix, 'lib');
  const pythons = existsSync(lib) ? readdirSync(lib).filter((name) => name.startsWith('python3')) : [];
  const folders = pythons.flatMap((name) => [
    join(lib, name, 'site-packages'),
    join(lib, name, 'dist-packages'),
  ]);
  return [...folders, join(prefix, 'Lib', 'site-packages')].filter((folder) => existsSync(folder));
}
