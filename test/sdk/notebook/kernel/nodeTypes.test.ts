import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addNodeTypes, type TypeOptions } from '../../../../sdk/src/notebook/kernel/nodeTypes.js';

describe('addNodeTypes', () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'foldlab-types-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  /** A folder of type packages. */
  function root(name: string, ...packages: string[]): string {
    for (const id of packages) {
      mkdirSync(join(dir, name, id), { recursive: true });
      writeFileSync(join(dir, name, id, 'package.json'), '{}');
    }
    return join(dir, name);
  }

  it("adds tslab's, and of its folder nothing else, when the roots have none", () => {
    const local = root('local', 'lodash');
    const flat = root('flat', 'node', 'somebody');
    const options: TypeOptions = { typeRoots: [local, join(dir, 'absent')] };
    addNodeTypes(options, () => join(flat, 'node', 'package.json'));
    expect(options).toEqual({ typeRoots: [local, join(dir, 'absent'), flat], types: ['node', 'lodash'] });
  });

  it('changes nothing when a root has them, or tslab has none', () => {
    const options: TypeOptions = { typeRoots: [root('local', 'node')] };
    addNodeTypes(options, () => join(root('flat', 'node'), 'node', 'package.json'));
    expect(options).toEqual({ typeRoots: [join(dir, 'local')] });
    const none: TypeOptions = { typeRoots: [] };
    addNodeTypes(none, () => {
      throw new Error('Cannot find module');
    });
    expect(none).toEqual({ typeRoots: [] });
  });
});
