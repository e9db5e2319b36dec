/** Directories of runs as the server's file browser names them. */
import { PageConfig } from '@jupyterlab/coreutils';

/**
 * The path below the server's root, or null for one outside of it. A relative directory is relative to the notebook's
 * folder, which is where its kernel works.
 */
export function contentsPath(
  notebook: string,
  dir: string,
  root = PageConfig.getOption('serverRoot'),
): string | null {
  if (!/^([/~]|[A-Za-z]:)/.test(dir)) {
    const folder = notebook.includes('/') ? notebook.slice(0, notebook.lastIndexOf('/') + 1) : '';
    return normal(`${folder}${dir}`);
  }
  const base = root.endsWith('/') ? root : `${root}/`;
  return root !== '' && dir.startsWith(base) ? normal(dir.slice(base.length)) : null;
}

function normal(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
