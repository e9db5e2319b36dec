import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packFunction, type Shipment } from '../../../sdk/src/ship/pack.js';
import { openNotebook, type Notebook } from './notebook.js';

const fixtures = join(import.meta.dirname, 'fixtures');
let notebook: Notebook;
let child: ChildProcess;
beforeAll(() => {
  notebook = openNotebook();
  child = fork(join(fixtures, 'unpackServer.cjs'), { serialization: 'advanced', execArgv: [] });
});
afterAll(() => {
  notebook.close();
  child.kill();
});

const pack = (fn: any, name = 'f'): Promise<Shipment> =>
  packFunction(fn, { name, workingDirectory: process.cwd() });

interface Answer {
  results: any[];
  name: string;
  error?: string;
  stack?: string;
  quote?: string;
}

async function remote(fn: any, ...calls: { args?: unknown[]; anew?: boolean }[]): Promise<Answer> {
  const { payload } = await pack(fn);
  const answer = new Promise<Answer>((resolve) => child.once('message', resolve as never));
  child.send({
    payload,
    calls: (calls.length > 0 ? calls : [{}]).map(({ args = [], anew = false }) => ({ args, anew })),
  });
  return answer;
}

/** Runs cells, ships `f`, calls it with the arguments in the other process. */
async function ship(cells: string[], ...args: unknown[]): Promise<unknown> {
  await notebook.cells(...cells);
  const { results, error, stack } = await remote(notebook.get('f'), { args });
  if (error !== undefined) throw new Error(`${error}\n${stack}`);
  return results[0];
}

describe('a function of a notebook, shipped,', () => {
  it.each<[string, string[], unknown[], unknown]>([
    [
      'uses an import of its own cell',
      [`import * as path from 'path'; const f = (x: string) => path.join('a', x);`],
      ['b'],
      'a/b',
    ],
    [
      'uses an import of another cell',
      [`import * as os from 'os';`, `const f = () => typeof os.cpus;`],
      [],
      'function',
    ],
    [
      'uses a default import',
      [`import fs from 'fs';`, `const f = () => typeof fs.readFileSync;`],
      [],
      'function',
    ],
    [
      'uses a named import of its own cell',
      [`import { join } from 'path'; const f = () => join('x', 'y');`],
      [],
      'x/y',
    ],
    [
      'uses a named import of another cell',
      [`import { basename } from 'path';`, `const f = () => basename('/x/y');`],
      [],
      'y',
    ],
    [
      'uses a package of CommonJS',
      [`import * as acorn from 'acorn';`, `const f = () => typeof acorn.parse;`],
      [],
      'function',
    ],
    [
      'uses a package that is ESM only',
      [`import { parquetMetadata } from 'hyparquet';`, `const f = () => typeof parquetMetadata;`],
      [],
      'function',
    ],
    ['imports dynamically', [`const f = async () => (await import('path')).join('p', 'q');`], [], 'p/q'],
    ['requires by itself', [`const f = () => require('path').join('p', 'r');`], [], 'p/r'],
    ['reads a variable of another cell', [`let rate = 0.5;`, `const f = (x: number) => x * rate;`], [4], 2],
    ['reads a variable of its own cell as it is now', [`let now = 1; now = 7; const f = () => now;`], [], 7],
    [
      'calls a helper of another cell',
      [`function double(x: number) { return 2 * x; }`, `const f = (x: number) => double(x) + 1;`],
      [3],
      7,
    ],
    [
      'recurses mutually',
      [
        `function even(n: number): boolean { return n === 0 || odd(n - 1); } function odd(n: number): boolean { return n !== 0 && even(n - 1); } const f = (n: number) => even(n);`,
      ],
      [10],
      true,
    ],
    [
      'captures data with functions in it',
      [
        `const tools = { scale: 3, apply(x: number) { return x * 3; }, list: [1, { y: 2 }] };`,
        `const f = (x: number) => [tools.apply(x), tools.scale, (tools.list[1] as any).y];`,
      ],
      [2],
      [6, 3, 2],
    ],
    [
      'captures a class with private fields',
      [
        `class Counter { #n = 0; up() { return ++this.#n; } }`,
        `const f = () => { const c = new Counter(); c.up(); return c.up(); };`,
      ],
      [],
      2,
    ],
    [
      'captures a class with statics, private fields and super over cells',
      [
        `class Base { static n = 1; #p = 3; get p() { return this.#p; } static make() { return new this(); } }`,
        `class Derived extends Base { #q = 1; static s = super.n + 1; static #hidden = 4; static t = Derived.s + 1; m() { return super.p + this.#q + Derived.#hidden; } }`,
        `const f = () => [new Derived().m(), Derived.s, Derived.t, Derived.make() instanceof Derived];`,
      ],
      [],
      [8, 2, 3, true],
    ],
    [
      'captures an enum and a namespace',
      [
        `enum Color { Red, Green } namespace Space { export const z = 5; export function zz() { return z + 1; } }`,
        `const f = () => [Color.Green, Color[0], Space.zz()];`,
      ],
      [],
      [1, 'Red', 6],
    ],
    ['is a generator', [`function* count() { yield 1; yield 2; } const f = () => [...count()];`], [], [1, 2]],
    [
      'is an async generator',
      [
        `async function* count() { yield 1; yield 2; } const f = async () => { const out: number[] = []; for await (const x of count()) out.push(x); return out; };`,
      ],
      [],
      [1, 2],
    ],
    ['is a method of an object', [`const o = { f(x: number) { return x + 1; } };`, `const f = o.f;`], [1], 2],
    [
      'captures an object with a getter',
      [`const o = { base: 2, get twice() { return this.base * 2; } };`, `const f = () => o.twice;`],
      [],
      4,
    ],
    [
      'captures a method with a computed key',
      [
        `const key = 'k' + 1; const o = { [key](x: number) { return x * 5; } };`,
        `const f = () => o['k1'](2);`,
      ],
      [],
      10,
    ],
    [
      'closes over locals',
      [
        `function make(start: number) { let c = start; return () => ++c; } const counter = make(2); counter();`,
        `const f = () => counter();`,
      ],
      [],
      4,
    ],
    [
      'captures two instances of one closure apart',
      [
        `const adder = (n: number) => (x: number) => x + n; const one = adder(1), ten = adder(10);`,
        `const f = () => [one(0), ten(0)];`,
      ],
      [],
      [1, 10],
    ],
    [
      'has destructured parameters with defaults',
      [`const f = ({ a = 1, b: [c] = [2] } = {} as any, ...rest: number[]) => [a, c, rest.length];`],
      [{ a: 5 }, 1, 2],
      [5, 2, 2],
    ],
    [
      'captures an instance with cycles',
      [
        `class Tree { parent: any = null; children: Tree[] = []; depth(): number { return this.parent ? 1 + this.parent.depth() : 0; } } const top = new Tree(), leaf = new Tree(); leaf.parent = top; top.children.push(leaf);`,
        `const f = () => [leaf.depth(), top.children[0] === leaf, leaf instanceof Tree];`,
      ],
      [],
      [1, true, true],
    ],
    [
      'captures intrinsics',
      [`const { max } = Math; const P = Promise;`, `const f = async () => max(1, await P.resolve(3));`],
      [],
      3,
    ],
    [
      'captures maps, sets, dates, expressions, arrays and buffers',
      [
        `const bag = { m: new Map([['a', new Set([1])]]), d: new Date(5), r: /x+/gi, t: Float32Array.of(1.5), b: Buffer.from('hi'), u: new URL('http://x.y/z'), e: new Error('bad'), big: 5n, s: Symbol.iterator, n: NaN };`,
        `const f = () => [bag.m.get('a')!.has(1), bag.d.getTime(), bag.r.flags, bag.t[0], bag.b.toString(), bag.u.pathname, bag.e.message, bag.big === 5n, bag.s === Symbol.iterator, bag.n];`,
      ],
      [],
      [true, 5, 'gi', 1.5, 'hi', '/z', 'bad', true, true, NaN],
    ],
    [
      'is from a cell with top-level await',
      [`const waited = await Promise.resolve(3); const f = () => waited;`],
      [],
      3,
    ],
    ['has a property of its own', [`const f: any = () => f.version; f.version = 'v2';`], [], 'v2'],
  ])('%s', async (_, cells, args, expected) => {
    expect(await ship(cells, ...args)).toEqual(expected);
  });

  it('uses a global that the user made', async () => {
    (globalThis as any).userGlobal = { answer: 42 };
    await notebook.cells(`declare var userGlobal: any; const f = () => userGlobal.answer;`);
    expect((await remote(notebook.get('f'))).results[0]).toBe(42);
    delete (globalThis as any).userGlobal;
  });

  it('shares a variable with its helpers, and starts with the captured value at each instantiation', async () => {
    await notebook.cells(`let n = 10; const up = () => ++n; const f = () => { up(); return n; };`);
    const { results } = await remote(notebook.get('f'), {}, {}, { anew: true });
    expect(results).toEqual([11, 12, 11]);
  });

  it('rebuilds captured data at each instantiation', async () => {
    await notebook.cells(
      `const list = [1], bytes = Uint8Array.of(1);`,
      `const f = () => [list.push(0), ++bytes[0]];`,
    );
    const { results } = await remote(notebook.get('f'), {}, { anew: true });
    expect(results).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  it('keeps its name, and its errors quote the line that threw', async () => {
    await notebook.cells(
      `const before = 1;\nfunction f(x: number) {\n  if (x > 0) throw new RangeError('too much');\n  return x;\n}`,
    );
    const { stack, quote } = await remote(notebook.get('f'), { args: [1] });
    expect(stack).toMatch(/RangeError: too much\n\s+at f \(notebook-cell-[\w-]+\.js:\d+/);
    expect(quote).toContain(`throw new RangeError('too much')`);
  });

  it('takes tens of megabytes along and says so', async () => {
    const large = new Uint8Array(47_000_000).fill(7);
    const answer = await remote(() => large[5]! + large.length);
    expect(answer.results).toEqual([47_000_007]);
    expect((await pack(() => large[5])).notices[0]).toMatch(/'f' captures 45 MB/);
  });
});

describe('what cannot travel', () => {
  it.each<[string, string[], RegExp]>([
    [
      'a socket',
      [`import net from 'net'; const sock = new net.Socket();`, `const f = () => sock.destroyed;`],
      /'sock': it is a Socket of a library/,
    ],
    [
      'a promise',
      [`const later = Promise.resolve(1);`, `const f = () => later;`],
      /'later': it is a Promise; await it in the cell first/,
    ],
    [
      'a bound function',
      [`const bound = Math.max.bind(null, 1);`, `const f = () => bound(2);`],
      /'bound max' is a bound function; use an arrow function/,
    ],
    [
      'an instance with private fields',
      [
        `class Safe { #pin = 1; open() { return this.#pin; } } const safe = new Safe();`,
        `const f = () => safe.open();`,
      ],
      /'safe': it is a Safe with private fields \(#pin\)/,
    ],
    [
      'a proxy',
      [`const ghost: any = new Proxy({}, {});`, `const f = () => ghost.a;`],
      /'ghost': it is a Proxy/,
    ],
    [
      'a running generator',
      [`const gen = (function* () { yield 1; })();`, `const f = () => gen.next();`],
      /'gen': it is a running generator/,
    ],
    [
      'an arrow function that uses an outer this',
      [
        `class Box { v = 1; get() { return () => this.v; } } const arrow = new Box().get();`,
        `const f = () => arrow();`,
      ],
      /uses the 'this' of the function around it/,
    ],
    [
      'a method that uses super',
      [`const o = { hi() { return super.toString(); } };`, `const f = () => o.hi();`],
      /uses super/,
    ],
    [
      'the whole notebook',
      [`const name1 = 'x'; const f = () => (0, eval)('1') + Object.keys(exports).length;`],
      /uses all variables of the notebook at once/,
    ],
    ['a weak map', [`const weak = new WeakMap();`, `const f = () => weak;`], /it is a WeakMap/],
    [
      'a unique symbol',
      [`const mark = Symbol('m');`, `const f = () => mark;`],
      /it is a unique symbol; use Symbol\.for/,
    ],
  ])('is refused: %s', async (_, cells, message) => {
    await notebook.cells(...cells);
    await expect(pack(notebook.get('f'))).rejects.toThrow(message);
  });

  it('is named by its path, with the first line of the cell that captures it', async () => {
    await notebook.cells(
      `import net from 'net';\nconst inside = { list: [{ handle: new net.Socket() }] };\nconst useIt = () => inside.list.length;`,
      `const f = () => useIt();`,
    );
    await expect(pack(notebook.get('f'), 'trainFunc')).rejects.toThrow(
      /^Cannot ship 'trainFunc' to a worker: 'useIt' -> 'inside' -> \.list -> \[0\] -> \.handle: it is a Socket .*\(captured in the cell that contains `const inside = /,
    );
  });

  it('never shows captured values in its message', async () => {
    await notebook.cells(
      `const secret = { password: 'hunter2', p: Promise.resolve('hunter2') };`,
      `const f = () => secret;`,
    );
    const error = await pack(notebook.get('f')).catch((e: Error) => e);
    expect(String((error as Error).message)).not.toContain('hunter2');
  });
});

describe('a fingerprint', () => {
  const print = async (...cells: string[]) => {
    await notebook.cells(...cells);
    return (await pack(notebook.get('f'))).fingerprint;
  };

  it('is the same in another process, whatever else that process has loaded', () => {
    const run = (...args: string[]) =>
      execFileSync(process.execPath, [join(fixtures, 'fingerprint.cjs'), ...args], { encoding: 'utf8' });
    expect(run('noise')).toBe(run());
  });

  it('stays when an unrelated variable changes and when the same cells run again', async () => {
    const cells = [`let rate1 = 0.5; let other = 1;`, `const f = (x: number) => x * rate1;`];
    const first = await print(...cells);
    expect(await print(...cells)).toBe(first);
    expect(await print(`let other = 2;`)).toBe(first);
  });

  it.each([
    ['the source', `const f = (x: number) => x * rate2 + 1;`],
    ['a captured value', `let rate2 = 0.6;`, `const f = (x: number) => x * rate2;`],
  ])('changes with %s', async (_, ...cells) => {
    const first = await print(`let rate2 = 0.5;`, `const f = (x: number) => x * rate2;`);
    expect(await print(...cells)).not.toBe(first);
  });

  it("changes with a helper's source", async () => {
    const use = `const f = (x: number) => help(x);`;
    const first = await print(`const help = (x: number) => x;`, use);
    expect(await print(`const help = (x: number) => x + 1;`, use)).not.toBe(first);
  });

  it("changes with the content of the user's own modules", async () => {
    const dir = mkdtempSync(join(tmpdir(), 'foldlab-ship-'));
    const printOf = async (text: string) => {
      writeFileSync(join(dir, 'own.ts'), text);
      return (await packFunction('./own.ts', { name: 'trainFunc', workingDirectory: dir })).fingerprint;
    };
    const first = await printOf('export const trainFunc = () => 1;');
    expect(await printOf('export const trainFunc = () => 1;')).toBe(first);
    expect(await printOf('export const trainFunc = () => 2;')).not.toBe(first);
    rmSync(dir, { recursive: true });
  });
});

describe('a module path', () => {
  const packPath = (path: string, name = 'trainFunc') =>
    packFunction(path, { name, workingDirectory: fixtures });
  const call = async (path: string, name: string, ...calls: { args?: unknown[]; anew?: boolean }[]) => {
    const { payload } = await packPath(path, name);
    const answer = new Promise<Answer>((resolve) => child.once('message', resolve as never));
    child.send({ payload, calls: calls.map(({ args = [], anew = false }) => ({ args, anew })) });
    return answer;
  };

  it('gives the export of that name, with what it imports, anew at each instantiation', async () => {
    const { results, error } = await call(
      './module.ts',
      'trainFunc',
      { args: [2] },
      { args: [2] },
      { args: [2], anew: true },
    );
    expect(error).toBeUndefined();
    expect(results).toEqual(['a/4/1', 'a/4/2', 'a/4/1']);
  });

  it("gives the default export otherwise, and its errors name the file's own line", async () => {
    const { error, stack } = await call('./module.ts', 'evalFunc', {});
    expect(error).toBe('thrown on purpose in module.ts');
    expect(stack).toMatch(/module\.ts:12/);
  });

  it('is refused when the file is missing, does not compile or has no such export', async () => {
    await expect(packPath('./absent.ts')).rejects.toThrow(
      /'\.\/absent\.ts' must be a TypeScript or JavaScript file/,
    );
    const broken = join(mkdtempSync(join(tmpdir(), 'foldlab-ship-')), 'broken.ts');
    writeFileSync(broken, 'export const trainFunc = ( => 1;');
    await expect(packPath(broken)).rejects.toThrow(/does not compile/);
    await expect(packPath('./helper.ts')).rejects.toThrow(
      /must export 'trainFunc' or a default; it exports twice/,
    );
  });

  it.each([
    ['named.cjs', 'exports.trainFunc = (x) => x + 1; exports.other = 1;'],
    ['object.js', 'const trainFunc = (x) => x + 1; module.exports = { trainFunc };'],
    ['whole.cjs', 'module.exports = (x) => x + 1;'],
    ['compiled.js', '"use strict"; exports.__esModule = true; exports.default = (x) => x + 1;'],
    ['equals.ts', 'const f = (x: number) => x + 1; export = f;'],
  ])('may be CommonJS: %s', async (file, text) => {
    const path = join(mkdtempSync(join(tmpdir(), 'foldlab-ship-')), file);
    writeFileSync(path, text);
    expect((await call(path, 'trainFunc', { args: [2] })).results).toEqual([3]);
  });

  it('is refused when a CommonJS file has no such export; in the worker where only that can tell', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'foldlab-ship-'));
    writeFileSync(join(dir, 'plain.cjs'), 'exports.train = () => 1;');
    writeFileSync(join(dir, 'made.cjs'), 'module.exports = Object.assign({}, { train: () => 1 });');
    await expect(packPath(join(dir, 'plain.cjs'))).rejects.toThrow(
      /must export 'trainFunc' or a default; it exports train$/,
    );
    expect((await call(join(dir, 'made.cjs'), 'trainFunc', {})).error).toMatch(
      /^Cannot use '.*made\.cjs': it must export a function 'trainFunc' or a default, or be one by module\.exports; it exports train$/,
    );
  });
});

describe('functions and values that only look alike', () => {
  it.each<[string, string[], unknown]>([
    [
      'closures made in a loop keep their own variables',
      [
        `const made: any[] = []; for (const x of [1, 2, 3]) made.push(() => x);`,
        `const f = () => made.map((g: any) => g());`,
      ],
      [1, 2, 3],
    ],
    [
      'closures made by a callback keep their own variables',
      [`const mapped = [1, 2, 3].map((x) => () => x);`, `const f = () => mapped.map((g: any) => g());`],
      [1, 2, 3],
    ],
    [
      'a base may name the class that extends it',
      [
        `class Root { static make(): any { return new Heir(); } }\nclass Heir extends Root { z = 8 }`,
        `const f = () => Root.make().z;`,
      ],
      8,
    ],
    [
      'a base in another cell may name its heir, with private and static members and super',
      [
        `class Base5 { static n = 1; #p = 3; get p() { return this.#p; } static make(): any { return heirs.get(); } }\nconst heirs: any = {};`,
        `class Heir5 extends Base5 { #q = 1; static s = super.n + 1; static #sp = 4; m() { return super.p + this.#q + Heir5.#sp + Heir5.s; } }\nheirs.get = () => new Heir5();`,
        `const f = () => new Heir5().m();`,
      ],
      10,
    ],
  ])('%s', async (_name, cells, expected) => {
    expect(await ship(cells)).toEqual(expected);
  });

  it.each<[string, string[], RegExp]>([
    [
      'a typed array with a property',
      [`const ta: any = new Float32Array(2); ta.shape = [2, 1];`, `const f = () => ta.shape;`],
      /'ta': it has a property 'shape'/,
    ],
    [
      'an error with a property',
      [`const er: any = new Error('m'); er.code = 'E1';`, `const f = () => er.code;`],
      /'er': it has a property 'code'/,
    ],
    [
      'an array of objects with a property',
      [`const ao: any = [{}]; ao.tag = 1;`, `const f = () => ao.tag;`],
      /'ao': it has a property 'tag'/,
    ],
    [
      'an instance of a class that extends Map',
      [`class Reg extends Map<string, number> {}\nconst reg = new Reg();`, `const f = () => reg.size;`],
      /'reg': it is an instance of 'Reg', which extends a built-in/,
    ],
    [
      'a property with a symbol as key',
      [`const sy: any = { [Symbol.for('q')]: 7 };`, `const f = () => sy;`],
      /'sy': it has a property whose key is the symbol 'q'/,
    ],
    [
      'a list nested too deeply',
      [
        `let deep: any = null; for (let i = 0; i < 50000; i++) deep = { next: deep };`,
        `const f = () => deep;`,
      ],
      /'deep' -> .next.*nested too deeply/,
    ],
    [
      "an arrow's outer arguments",
      [`function outer(..._a: any[]) { return () => arguments.length; }`, `const f = (outer as any)(1, 2);`],
      /'this'/,
    ],
  ])('%s is refused instead of arriving incomplete', async (_name, cells, message) => {
    await notebook.cells(...cells);
    await expect(pack(notebook.get('f'))).rejects.toThrow(message);
  });
});
