/**
 * The published types, under the compiler that cells are compiled with: tslab's TypeScript 5.0.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type TypeScript from 'typescript';

const SDK = resolve(__dirname, '../../sdk');
const ENTRIES = ['dist/index.d.ts', 'dist/view/index.d.ts', 'dist/tf/index.d.ts'].map((file) =>
  join(SDK, file),
);
const load = createRequire(join(SDK, 'package.json'));
const ts = createRequire(load.resolve('tslab/package.json'))(
  '@tslab/typescript-for-tslab',
) as typeof TypeScript;

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'foldlab-types-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(SDK, join(project, 'node_modules', 'foldlab'), 'junction');
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** What the compiler says of a user's file, in a project without any @types. */
function complaints(source: string): string[] {
  const file = join(project, 'user.ts');
  writeFileSync(file, source);
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    // AbortSignal comes from the DOM's types where Node's are not there
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.CommonJS,
    // "node10": classic CommonJS look-up, which knows no "exports" of package.json
    moduleResolution: 2 as TypeScript.ModuleResolutionKind,
    types: [],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  });
  const diagnostics = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  // the language's own library need not be checked
  for (const checked of program
    .getSourceFiles()
    .filter((each) => !program.isSourceFileDefaultLibrary(each))) {
    diagnostics.push(...program.getSyntacticDiagnostics(checked), ...program.getSemanticDiagnostics(checked));
  }
  return diagnostics.map(
    ({ file: where, messageText }) =>
      `${where?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}

/** Files reachable from the entries, and every specifier that leaves them. */
function reach(entries: readonly string[]): { files: string[]; outside: string[] } {
  const files = new Set<string>();
  const outside: string[] = [];
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(
      readFileSync(file, 'utf8'),
      true,
      true,
    );
    outside.push(...typeReferenceDirectives.map(({ fileName }) => `${file}: types="${fileName}"`));
    for (const { fileName } of importedFiles) {
      if (!fileName.startsWith('.')) outside.push(`${file}: ${fileName}`);
      else visit(join(dirname(file), fileName.replace(/\.js$/, '.d.ts')));
    }
  };
  entries.forEach(visit);
  return { files: [...files], outside };
}

describe('the published types', () => {
  it('come with a TypeScript as old as the one inside tslab', () => {
    expect(ts.version).toMatch(/^5\.0\./);
    expect(ENTRIES.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('import no third-party module, nor Node', () => {
    const { files, outside } = reach(ENTRIES);
    expect(files.length).toBeGreaterThan(20);
    expect(outside).toEqual([]);
  });

  it('type a run from options to result under tslab’s compiler', () => {
    const source = `
      import { run, session, metrics, RunError, type FoldContext, type RunResult, type Summary } from 'foldlab';
      import { parseRunModel, runTable, type RunModel } from 'foldlab/view';
      export async function example(): Promise<RunResult> {
        const handle = run({
          numFolds: 5, numGpusTotal: 2, numGpusPerSplit: 1, numRepetitions: 3,
          datasetFunc: async (cacheDir, params) => ({ train: { length: 10 }, test: null }),
          trainFunc: ({ rows, randGen, report }) => { report({ epoch: 0, loss: randGen() }); return rows?.train.length; },
          inferFunc: (c: FoldContext) => ({ ids: c.sampleIds![1], scores: [[0.1, 0.9]], targets: [1] }),
          evalFunc: async ({ predictions: p }) => ({ accuracy: metrics.accuracy(p!.scores as number[][], p!.targets!) }),
          seedPolicy: 'shared',
        });
        for await (const event of handle) if (event.type === 'phase') { const seconds: number = event.seconds; void seconds; }
        const model: RunModel = handle.snapshot;
        const table: string = runTable(parseRunModel(model));
        try { await handle; } catch (error) { if (error instanceof RunError) throw new Error(error.failures[0]!.message + table); }
        const result = await handle;
        const summary: Summary = result.summary('accuracy', { of: 'folds', phase: 'test' });
        const pids: number[] = session.workers.map((worker) => worker.pid);
        await session.close();
        return pids.length + summary.n > 0 ? result : await handle.result;
      }`;
    expect(complaints(source)).toEqual([]);
  });

  it('type a training of any tensors, without the types of TensorFlow.js', () => {
    const source = `
      import { compileStep, predict, standardize, trainLoop, type Columns, type Training } from 'foldlab/tf';
      interface Tensor { readonly shape: number[]; readonly dtype: 'float32'; readonly size: number; dataSync(): Float32Array; dispose(): void }
      declare const model: {
        inputs: object[]; outputs: object[]; trainableWeights: object[];
        apply(inputs: Tensor | Tensor[], options?: { training?: boolean }): Tensor | Tensor[]; getWeights(): Tensor[];
      };
      declare const optimizer: { applyGradients(gradients: { [name: string]: Tensor }): void; dispose(): void };
      export async function example(x: Tensor): Promise<Training> {
        const step = compileStep((batch: Tensor, both: { a: Tensor; b: Tensor[] }) => ({ loss: batch, all: both.b }));
        const { loss, all } = step(x, { a: x, b: [x] });
        const numbers: Float32Array = (all[0] ?? loss).dataSync();
        const columns: Columns = standardize({ data: numbers, shape: [numbers.length, 1] }, [0, 1]);
        const { data, shape } = await predict({ model, x: columns, activation: 'softmax' });
        return trainLoop({
          model, optimizer, loss: 'softmaxCrossEntropy', metrics: ['accuracy'], x: columns, y: Array.from(data), epochs: shape[0],
          validation: { rows: [0] }, randGen: Math.random, signal: new AbortController().signal, report: ({ epoch, loss }) => void [epoch, loss],
        });
      }`;
    expect(complaints(source)).toEqual([]);
  });

  it('refuse a wrong option and a wrong result', () => {
    const source = `
      import { run, type RunResult } from 'foldlab';
      run({ numFolds: '5', numGpusTotal: 0, numGpusPerSplit: 1, numRepetitions: 1,
        datasetFunc: './d.ts', trainFunc: './t.ts', inferFunc: './i.ts', evalFunc: './e.ts' });
      export const seconds = (result: RunResult): string => result.seconds;`;
    expect(complaints(source).map((text) => text.replace(/^.*?: /, ''))).toEqual([
      "Type 'string' is not assignable to type 'number'.",
      "Type 'number' is not assignable to type 'string'.",
    ]);
  });
});
