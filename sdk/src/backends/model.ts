/** Saves and restores a tf.LayersModel on any backend, in the format that TensorFlow.js itself reads. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../errors.js';
import { describeBackend, tensorflowReady } from './activate.js';
import { chosenBuild } from './cache.js';
import { requireBuild } from './resolve.js';

const TOPOLOGY_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/** Called on every model without importing TensorFlow. */
interface LayersModel {
  readonly layers: readonly unknown[];
  predict(...parameters: unknown[]): unknown;
  getWeights(): unknown[];
  toJSON(...parameters: unknown[]): unknown;
  save(handler: { save(artifacts: ModelArtifacts): Promise<unknown> }): Promise<unknown>;
  dispose(): unknown;
}

/** tfjs's `io.ModelArtifacts`, as far as a LayersModel fills it. */
interface ModelArtifacts {
  modelTopology: object;
  weightSpecs?: object[];
  weightData?: ArrayBuffer | ArrayBuffer[];
  format?: string;
  generatedBy?: string;
  convertedBy?: string | null;
  userDefinedMetadata?: object;
}

export interface SavedModel {
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

/** Whether a value is a tf.LayersModel (or Sequential), told by its methods: each copy of tfjs has classes of its own. */
export function isLayersModel(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const model = value as Record<string, unknown>;
  return (
    Array.isArray(model.layers) &&
    ['predict', 'getWeights', 'toJSON', 'save', 'dispose'].every((name) => typeof model[name] === 'function')
  );
}

/**
 * Writes `model.json` and `weights.bin` into `dir`, which is made if need be; the optimizer is left out.
 * `tf.loadLayersModel('file://…/model.json')` reads them too.
 * @throws TypeError when the value is not a tf.LayersModel.
 */
export async function saveLayersModel(model: unknown, dir: string): Promise<SavedModel> {
  if (!isLayersModel(model)) {
    throw new TypeError(
      `Cannot save the model: it must be a tf.LayersModel; current value is ${describe(model)}, save it under paths.modelDir yourself`,
    );
  }
  await mkdir(dir, { recursive: true });
  const files: SavedModel['files'][number][] = [];
  const write = async (name: string, content: Buffer) => {
    await writeFile(join(dir, name), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    files.push({ name, bytes: content.byteLength, sha256 });
  };
  await (model as LayersModel).save({
    async save({ weightData, weightSpecs = [], ...topology }) {
      const parts = weightData === undefined ? [] : Array.isArray(weightData) ? weightData : [weightData];
      await write(WEIGHTS_FILE, Buffer.concat(parts.map((part) => Buffer.from(part))));
      const manifest = { ...topology, weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }] };
      await write(TOPOLOGY_FILE, Buffer.from(JSON.stringify(manifest)));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
  });
  return { files };
}

/**
 * Restores what saveLayersModel wrote, with the copy of tfjs that this process has loaded, else with the build's own.
 * The model predicts; it is not compiled.
 * @throws SetupError when TensorFlow is neither loaded nor set up.
 */
export async function loadLayersModel(dir: string): Promise<unknown> {
  const [text, weights] = await Promise.all([
    readFile(join(dir, TOPOLOGY_FILE), 'utf8'),
    readFile(join(dir, WEIGHTS_FILE)),
  ]);
  const { weightsManifest, ...topology } = JSON.parse(text) as ModelArtifacts & {
    weightsManifest: { weights: object[] }[];
  };
  const artifacts: ModelArtifacts = {
    ...topology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    // a Buffer may be a window into a larger pool
    weightData: new Uint8Array(weights).buffer,
  };
  const layers = loadedLayers() ?? ownLayers();
  await tensorflowReady();
  return layers.loadLayersModel({ load: async () => artifacts });
}

/** Frees the model's tensors; a model that is disposed of already is left alone. */
export function disposeModel(model: unknown): void {
  if (!isLayersModel(model)) return;
  try {
    (model as LayersModel).dispose();
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('already disposed'))) throw error;
  }
}

interface Layers {
  loadLayersModel(handler: { load(): Promise<ModelArtifacts> }): Promise<unknown>;
}

/** Custom layers are registered with one copy of tfjs, so the one that the user's code has loaded must restore them. */
function loadedLayers(): Layers | null {
  for (const [file, module] of Object.entries(require.cache)) {
    if (module?.loaded && /[\\/]@tensorflow[\\/]tfjs-layers[\\/]dist[\\/]tf-layers\.node\.js$/.test(file)) {
      return module.exports as Layers;
    }
  }
  return null;
}

function ownLayers(): Layers {
  const build = chosenBuild();
  if (!build) throw new SetupError(`Cannot restore the model: ${describeBackend().notice}`);
  return requireBuild(build) as Layers;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return `an object of class ${value.constructor?.name ?? 'null'}`;
}
