/**
 * The documents name what is there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const documents = ['.', 'docs', 'sdk', 'examples/mnist'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

describe('the documents', () => {
  it('link only to files that are there', () => {
    expect(documents.length).toBeGreaterThan(6);
    const links = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
        .map(([, target]) => target!)
        .filter((target) => !/^[a-z]+:/.test(target))
        .map((target) => ({ path, file: resolve(ROOT, dirname(path), target) })),
    );
    expect(links.length).toBeGreaterThan(5);
    const broken = links.filter(({ file }) => !existsSync(file));
    expect(broken.map(({ path, file }) => `${path} → ${relative(ROOT, file)}`)).toEqual([]);
  });

  it('name every option of run() in the README', () => {
    const declaration = /interface RunOptions \{([\s\S]*?)\n\}/.exec(
      read('sdk/src/contract/options.ts'),
    )![1]!;
    const options = [...declaration.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name!);
    expect(options.length).toBeGreaterThan(25);
    const readme = read('README.md');
    expect(options.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([]);
  });

  it('name source files of the architecture that are there', () => {
    const table = read('docs/architecture.md')
      .split('\n')
      .filter((line) => /^\| `[a-z]+[/.]/.test(line));
    expect(table.length).toBeGreaterThan(10);
    const missing = table.flatMap((line) => {
      const [, folders, , files] = line.split('|');
      const names = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
      const bases = names(folders!).map((folder) => join(ROOT, 'sdk/src', folder));
      return names(files!).filter(
        (file) => ![join(ROOT, 'sdk/src'), ...bases].some((base) => existsSync(join(base, file))),
      );
    });
    expect(missing).toEqual([]);
  });
});
