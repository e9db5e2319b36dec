/** The link that makes `@tensorflow/tfjs-node-gpu` resolve in a project: for TypeScript in cells as much as for Node. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ADAPTER_FOLDER, chosenBuild, packageDir, type Environment } from './cache.js';

const PACKAGE = '@tensorflow/tfjs-node-gpu';

/**
 * The nearest folder upwards that has a package.json and node_modules; for a member of npm workspaces, their root, where npm
 * puts the packages. Null outside any project.
 */
export function projectRoot(from: string): string | null {
  const folders: string[] = [];
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) folders.push(dir);
    if (dir === dirname(dir)) break;
  }
  const root = folders.find((dir) => existsSync(join(dir, 'node_modules')));
  if (!root) return null;
  return folders.find((dir) => dir !== root && dir.length < root.length && isMember(dir, root)) ?? root;
}

/** npm links each workspace into its root's node_modules under the workspace's name. */
function isMember(root: string, folder: string): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string };
    return name !== undefined && realpathSync(join(root, 'node_modules', name)) === realpathSync(folder);
  } catch {
    return false;
  }
}

export const LINK_STATES = ['made', 'kept', 'foreign', 'no-project', 'no-build'] as const;
/** `foreign`: the project has a tfjs-node-gpu of its own, which is left alone. */
export type LinkState = (typeof LINK_STATES)[number];

/**
 * Links `<project>/node_modules/@tensorflow/tfjs-node-gpu` to the build that this process would use. npm removes the link at
 * every install, so whoever starts a kernel or a run calls this first: a few stat calls when all is right, silent always.
 *
 * Call it before tslab starts: its compiler stops working when a package appears below it.
 */
export function ensureLink(projectDir: string, environment: Environment = process.env): LinkState {
  const build = chosenBuild(environment);
  if (!build) return 'no-build';
  const root = projectRoot(projectDir);
  if (!root) return 'no-project';
  const link = join(root, 'node_modules', PACKAGE);
  const target = packageDir(build);
  const present = lstatSync(link, { throwIfNoEntry: false });
  if (present) {
    if (!present.isSymbolicLink()) return 'foreign';
    const current = readlinkSync(link).replace(/[\\/]$/, '');
    if (current === target) return 'kept';
    // a link that leads to another package is someone's own arrangement; one that leads nowhere is nobody's
    if (existsSync(link) && !existsSync(join(link, ADAPTER_FOLDER))) return 'foreign';
    rmSync(link, { force: true });
  }
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync(target, link, process.platform === 'win32' ? 'junction' : 'dir');
  } catch (error) {
    // two kernels may start in one project at the same moment
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return 'made';
}
