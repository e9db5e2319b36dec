/** A build as set-up leaves it, with packages that only tell who they are. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADAPTER_FOLDER, buildDir, packageDir, type BuildKind } from '../../../sdk/src/backends/cache.js';

export function fakeBuild(
  cache: string,
  kind: BuildKind,
  options: { stamped?: boolean; notice?: string } = {},
): string {
  const dir = buildDir(kind, { FOLDLAB_CACHE: cache });
  const main = packageDir({ dir });
  fakePackage(main, `${kind} build`, `${ADAPTER_FOLDER}/index.js`);
  mkdirSync(join(main, 'dist'), { recursive: true });
  writeFileSync(join(main, 'dist', 'version.js'), `module.exports = '${kind} version';`);
  fakePackage(join(dir, 'node_modules', '@tensorflow', 'tfjs'), `${kind} tfjs`);
  if (kind === 'cuda' || kind === 'cpu') fakeAddon(main);
  if (options.stamped !== false) {
    const native = kind === 'cuda' || kind === 'cpu';
    const stamp = {
      format: 1,
      kind,
      tfjsVersion: '4.22.0',
      tensorflowVersion: native ? '2.21.0' : null,
      gpu: false,
      adapter: 'fake',
      notice: options.notice ?? null,
    };
    writeFileSync(join(dir, 'stamp.json'), JSON.stringify(stamp));
  }
  return dir;
}

export function fakePackage(dir: string, says: string, main = 'index.js'): void {
  mkdirSync(join(dir, main, '..'), { recursive: true });
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'fake', version: '1.0.0', main }));
  writeFileSync(join(dir, main), `module.exports = ${JSON.stringify(says)};`);
}

/** What tells a working tfjs-node from one that was installed without its install script. */
export function fakeAddon(packageDir: string): void {
  mkdirSync(join(packageDir, 'lib', 'napi-v8'), { recursive: true });
  writeFileSync(join(packageDir, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
}
