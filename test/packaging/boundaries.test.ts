/**
 * The module boundaries of eslint.config.mjs, held against imports that break them.
 */
import { readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(__dirname, '../..');
const SRC = join(ROOT, 'sdk', 'src');
/** Folders that put everything together. */
const COMPOSITION = ['cli', 'run'];
const eslint = new ESLint({ cwd: ROOT });

/** What the boundary rule says of one import in a file of sdk/src. */
async function complaints(file: string, specifier: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import '${specifier}';\n`, { filePath: join(SRC, file) });
  return result!.messages
    .filter(({ ruleId }) => ruleId === 'no-restricted-imports')
    .map(({ message }) => message);
}

const folders = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)).split(sep).join('/'))
  .filter((folder) => !COMPOSITION.includes(folder.split('/')[0]!));

describe('module boundaries', () => {
  it('refuses an effect that imports another effect', async () => {
    const [message] = await complaints('ship/x.ts', '../workers/x.js');
    expect(message).toContain('ship may import only itself, contract, errors, plan');
  });

  it('refuses the same from a folder inside the part', async () => {
    expect(await complaints('notebook/kernel/x.ts', '../../ship/pack.js')).toHaveLength(1);
    expect(await complaints('notebook/kernel/x.ts', '../../session.js')).toHaveLength(1);
  });

  it('lets a nested file import its own part and what the part may import', async () => {
    for (const specifier of ['../numbers.js', './rows.js', '../../view/numbers.js', 'zod']) {
      expect(await complaints('view/specs/x.ts', specifier)).toEqual([]);
    }
    expect(await complaints('notebook/kernel/x.ts', '../../errors.js')).toEqual([]);
  });

  it('keeps Node out of the view, and effects out of the pure parts', async () => {
    expect(await complaints('view/x.ts', 'node:path')).toHaveLength(1);
    expect(await complaints('view/specs/x.ts', 'node:path')).toHaveLength(1);
    expect(await complaints('metrics/x.ts', 'node:fs')).toHaveLength(1);
    expect(await complaints('stats/x.ts', 'node:crypto')).toHaveLength(1);
    expect(await complaints('plan/x.ts', 'node:crypto')).toEqual([]);
  });

  it('watches every folder of the sources but the composition roots', async () => {
    expect(folders).toContain('view/specs');
    const unwatched = [];
    for (const folder of folders) {
      const out = '../'.repeat(folder.split('/').length);
      if ((await complaints(`${folder}/x.ts`, `${out}run.js`)).length !== 1) unwatched.push(folder);
    }
    expect(unwatched).toEqual([]);
  });
});
