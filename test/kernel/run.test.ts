/** run() in the real kernel: functions from cells, one picture updated in place, warm workers, honest errors, no orphans. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRunModel, RUN_MIME_TYPE } from '../../sdk/src/view/index.js';
import { eventually, isAlive } from '../faults/script.js';
import { describeKernel, startKernel, type Kernel, type Message } from './harness.js';

const isDisplay = ({ type }: Message) => type === 'display_data' || type === 'update_display_data';

/** A pipeline over several cells: imports, helpers, a class with a base in another cell, a variable. */
const CELLS = [
  `import { join } from 'path';\nimport * as os from 'os';\nimport { run, session, metrics } from 'foldlab';`,
  `const scale = 0.5;\nclass Base { static made = 1; #p = 1; get p() { return this.#p; } }`,
  `class Model extends Base { static first = Base.made + 1; weight = 0; fit(n: number) { this.weight = n * scale * this.p; return this; } }\nfunction labelOf(i: number) { return i % 2; }`,
  `async function datasetFunc(cacheDir: string, { n }) { return { train: { length: n, labels: Uint8Array.from({ length: n }, (_, i) => labelOf(i)) }, test: { length: 8, labels: Uint8Array.from({ length: 8 }, (_, i) => labelOf(i)) } }; }
const trainFunc = async (c) => { c.report({ epoch: 1, loss: c.randGen() }); return { weight: new Model().fit(c.rows.train.length).weight, place: join('a', typeof os.cpus) }; };`,
  `async function inferFunc({ model, dataset, sampleIds }) {
  const ids = sampleIds ? sampleIds[1] : Array.from({ length: dataset.length }, (_, i) => i);
  const scores = ids.map((i) => (dataset.labels[i] && model.weight > 0 ? [0.1, 0.9] : [0.8, 0.2]));
  return { ids, scores, targets: ids.map((i) => dataset.labels[i]) };
}
const evalFunc = async ({ predictions: p }) => ({ accuracy: metrics.accuracy(p.scores, p.targets), logLoss: metrics.logLoss(p.scores, p.targets) });`,
  `const numFolds = 3, numRepetitions = 2, numGpusTotal = 0, numCpuSlots = 2, numGpusPerSplit = 1, datasetParams = { n: 30 };`,
];
/** The same without shorthand, which a stock tslab cannot do, in a directory of its own. */
const written = (more = '') =>
  `{ ...{ numFolds: numFolds, numRepetitions: numRepetitions, numGpusTotal: numGpusTotal, numCpuSlots: numCpuSlots, numGpusPerSplit: numGpusPerSplit, datasetFunc: datasetFunc, trainFunc: trainFunc, inferFunc: inferFunc, evalFunc: evalFunc, datasetParams: datasetParams, dir: dir + '/' + Math.random() }, ${more} }`;
const SHORT =
  "{ numFolds, numRepetitions, numGpusTotal, numCpuSlots, numGpusPerSplit, datasetFunc, trainFunc, inferFunc, evalFunc, datasetParams, dir: dir + '/short' }";

async function open(kernel: 'foldlab' | 'stock', dir: string): Promise<Kernel> {
  const started = await startKernel({ kernel, env: { FOLDLAB_CACHE: join(dir, 'cache') } });
  for (const cell of [...CELLS, `const dir = ${JSON.stringify(dir)};`]) {
    const { reply, stderr } = await started.execute(cell);
    // a stock kernel says once what it is missing
    const complaint = stderr.replace(/^foldlab: this kernel is tslab without .*\n/, '');
    if (reply.status !== 'ok' || complaint) throw new Error(`${cell}\n${stderr}\n${JSON.stringify(reply)}`);
  }
  return started;
}

describeKernel('run() in the foldlab kernel', () => {
  let dir: string;
  let kernel: Kernel;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'foldlab-kernel-'));
    kernel = await open('foldlab', dir);
  });
  afterAll(async () => {
    await kernel?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('trains functions of several cells and draws one display, updated in place, as a full bundle', async () => {
    const cell = await kernel.execute(
      `const result = await run(${SHORT}); console.log(result.summary('accuracy').mean);`,
    );
    expect(cell.reply.status).toBe('ok');
    expect(cell.stdout.trim()).toBe('1');
    const displays = cell.messages.filter(isDisplay);
    expect(displays.filter(({ type }) => type === 'display_data')).toHaveLength(1);
    expect(new Set(displays.map(({ content }) => content.transient.display_id)).size).toBe(1);
    const last = displays.at(-1)!.content.data;
    expect(Object.keys(last).sort()).toEqual(
      [RUN_MIME_TYPE, 'application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'].sort(),
    );
    for (const { content } of displays) expect(Object.keys(content.data)).toEqual(Object.keys(last));
    const model = parseRunModel(last[RUN_MIME_TYPE]);
    expect(model).toMatchObject({
      status: 'done',
      numFolds: 3,
      numRepetitions: 2,
      metrics: ['accuracy', 'logLoss'],
    });
    expect(model.units.every((unit) => unit.status === 'done' && unit.curves.length === 1)).toBe(true);
    expect(last['text/plain']).toContain('ensemble');
    expect(last['image/svg+xml']).toContain('1.0000');
  });

  it('runs a second time in a later cell on the same worker processes', async () => {
    const { stdout } = await kernel.execute(
      `const before = session.workers.map((w) => w.pid).sort().join();
       await run(${written()});
       console.log(before !== '' && before === session.workers.map((w) => w.pid).sort().join());`,
    );
    expect(stdout.trim()).toBe('true');
  });

  it('shows a failing unit as a real error with fold, repetition and the line, not as a dump of the result', async () => {
    const { reply: made } = await kernel.execute(
      `interface Unused { n: number }\nconst failing = async (c) => {\n  const n: number | null = c.cvIndex;\n  if (c.cvIndex === 1) throw new RangeError('diverged');\n  return { weight: 1 };\n};`,
    );
    const { reply, messages } = await kernel.execute(`await run(${written('trainFunc: failing')});`);
    expect(reply.status).toBe('error');
    const error = messages.find(({ type }) => type === 'error')!.content;
    const text = [error.evalue, ...error.traceback].join('\n');
    expect(error.ename).toBe('RunError');
    expect(text).toContain('fold 1, repetition 0 and 1 other, train: RangeError: diverged');
    expect(text).toContain(`throw new RangeError('diverged')`);
    // in the message that programs read, too
    expect(error.evalue).toMatch(new RegExp(`at failing \\(cell\\[${made.execution_count}\\]:4:\\d+\\)`));
    expect(text).not.toMatch(/outOfFold|remoteStack|\[Object\]/);
  });

  it.each([
    [
      'a promise',
      `const later = Promise.resolve(2); const late = async () => ({ weight: later });`,
      'late',
      /'later': it is a Promise; await it in the cell first.*const later = Promise/s,
    ],
    [
      'a socket',
      `import net from 'net';\nconst sock = new net.Socket(); const open = async () => ({ weight: sock.bytesRead });`,
      'open',
      /'sock': it is a Socket of a library.*const sock = new/s,
    ],
  ])('refuses %s before anything starts, quoting the cell', async (_, cell, name, message) => {
    await kernel.execute(cell);
    const { messages } = await kernel.execute(`await run(${written(`trainFunc: ${name}`)});`);
    const error = messages.find(({ type }) => type === 'error')!.content;
    expect(error.ename).toBe('ShipError');
    expect(error.evalue).toMatch(message);
  });

  it("refuses a wrong option with the option's name", async () => {
    const { messages } = await kernel.execute(`await run(${written('numFoldsUsed: 9')});`);
    expect(messages.find(({ type }) => type === 'error')!.content.evalue).toMatch(
      /'numFoldsUsed' must be at most numFolds \(3\)/,
    );
  });

  it("keeps a unit's console output out of the cell", async () => {
    await kernel.execute(
      `const chatty = async (c) => { console.log('chatter'); console.error('chatter'); return { weight: 1 }; };`,
    );
    const { stdout, stderr } = await kernel.execute(`await run(${written('trainFunc: chatty')});`);
    expect(stdout + stderr).not.toContain('chatter');
  });

  it('leaves no worker when the kernel is killed while they are busy', async () => {
    const { stdout } = await kernel.execute(
      `const endless = async () => { for (;;); };
       const stuck = run(${written('trainFunc: endless')}); stuck.catch(() => {});
       while (session.workers.filter((w) => w.busy).length < 2) await new Promise((r) => setTimeout(r, 20));
       console.log(session.workers.map((w) => w.pid).join());`,
    );
    const pids = stdout.trim().split(',').map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.every(isAlive)).toBe(true);
    kernel.kill();
    expect(await eventually(() => !pids.some(isAlive), 25_000)).toBe(true);
  });
});

describeKernel('run() in the stock tslab kernel', () => {
  it('works with options written out, and draws itself', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'foldlab-kernel-'));
    const kernel = await open('stock', dir);
    try {
      const { reply, messages, stdout } = await kernel.execute(
        `const result = await run(${written()}); console.log(result.folds.length);`,
      );
      expect(reply.status).toBe('ok');
      expect(stdout.trim()).toBe('6');
      expect(messages.filter(isDisplay).at(-1)!.content.data['text/plain']).toContain('done');
    } finally {
      await kernel.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
