/** The kernel in a notebook project of its own: packages that come and go, and no types of Node. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeKernel, startKernel, type Kernel } from './harness.js';

for (const name of ['foldlab', 'stock'] as const) {
  const works = name === 'foldlab';

  describeKernel(`the ${name} kernel in a project without @types/node`, () => {
    let dir: string;
    let kernel: Kernel;
    beforeEach(async () => {
      dir = mkdtempSync(join(tmpdir(), 'foldlab-project-'));
      mkdirSync(join(dir, 'node_modules'));
      kernel = await startKernel({ kernel: name, cwd: dir });
    });
    afterEach(async () => {
      await kernel?.stop();
      rmSync(dir, { recursive: true, force: true });
    });

    // tslab's own fallback works here, where npm put other types of Node inside tslab; see nodeTypes.test.ts
    it("knows Node's types", async () => {
      const { reply, stdout } = await kernel.execute(
        `import { sep } from 'path'; setTimeout(() => {}, 1); const b = Buffer.from(sep); console.log(b.length)`,
      );
      expect(reply.status).toBe('ok');
      expect(stdout).toBe('1\n');
    });

    it(`${works ? 'executes' : 'executes no'} cells after a package was installed beside it`, async () => {
      await kernel.execute('const before = 1;');
      await kernel.execute(`import added from 'added-later';`);
      install('added-later');
      await new Promise((done) => setTimeout(done, 1500));
      const { reply, stdout } = await kernel.execute('console.log(before)');
      expect(reply.status).toBe(works ? 'ok' : 'error');
      if (!works) return;
      expect(stdout).toBe('1\n');
      const used = await kernel.execute(`import added from 'added-later'; console.log(added)`);
      expect(used.stdout).toBe('7\n');
    });

    function install(id: string): void {
      const target = join(dir, 'node_modules', id);
      mkdirSync(target);
      writeFileSync(join(target, 'package.json'), JSON.stringify({ name: id, version: '1.0.0' }));
      writeFileSync(join(target, 'index.js'), 'exports.default = 7; exports.__esModule = true;');
      writeFileSync(join(target, 'index.d.ts'), 'declare const added: number; export default added;');
    }
  });
}
