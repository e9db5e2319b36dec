// node scripts/gallery.mjs [FILTER] [--out DIR]: pictures of the view for docs/gallery, made in a real JupyterLab.
import { parseArgs } from 'node:util';
import { setUp } from './setup.mjs';
import { main, SetupFailure } from './steps.mjs';
import { importTs } from './ts.mjs';

await main(async () => {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
  await setUp({ jupyter: true });
  const { makeGallery } = await importTs('test/ui/gallery.ts');
  const { missing } = await importTs('test/ui/lab.ts');
  if (missing() !== '') throw new SetupFailure(`Cannot make the pictures: ${missing()}`);
  const made = await makeGallery({ dir: values.out, filter: positionals[0] });
  console.log(`${made.length} pictures`);
});
