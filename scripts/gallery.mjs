// node scripts/gallery.mjs [FILTER] [--out DIR]: pictures of the view for docs/gallery, made in a real JupyterLab.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { venvProgram } from './python.mjs';
import { setUp } from './setup.mjs';
import { command, main, ROOT, SetupFailure, step } from './steps.mjs';
import { importTs } from './ts.mjs';

await main(async () => {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
  await setUp({ jupyter: true });
  const { makeGallery } = await importTs('test/ui/gallery.ts');
  const { missing } = await importTs('test/ui/lab.ts');
  if (missing() !== '') throw new SetupFailure(`Cannot make the pictures: ${missing()}`);
  const made = await makeGallery({ dir: values.out, filter: positionals[0] });
  console.log(`${made.length} pictures`);
  if (made.length > 0) await step('palettes', () => shrink(made));
});

/** Only here is Pillow needed: it is installed when it is. */
async function shrink(files) {
  const python = venvProgram('python');
  const requirements = join(ROOT, 'scripts', 'requirements-gallery.txt');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  await command(python, pip);
  return (await command(python, [join(ROOT, 'scripts', 'shrink_png.py'), ...files])).trim();
}
