/**
 * Starts the WebGPU backend on Dawn, Chromium's implementation, in Node.
 *
 * Set-up copies the compiled file into the adapter package, so it must import nothing but its neighbour.
 */
import { startPlain, startWhenReady, type BackendRegistry } from './wasmStart.js';

/** The npm package `webgpu`. */
export interface Dawn {
  readonly globals: object;
  create(options: readonly string[]): object;
}

/**
 * Gives the process `navigator.gpu` and the constructors of WebGPU, which tfjs's backend looks for, and selects that backend once it is
 * ready; until then, and where there is no adapter, operations run in plain JavaScript.
 * @param load - loads tfjs's backend, which registers itself
 */
export function startWebgpu(tf: BackendRegistry, dawn: Dawn, load: () => unknown): void {
  Object.assign(globalThis, dawn.globals);
  // Node 21 and later have a navigator, which cannot be assigned to
  const { navigator = {} } = globalThis as { navigator?: object };
  Object.defineProperty(navigator, 'gpu', { value: dawn.create([]), configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true });
  startPlain(tf);
  load();
  startWhenReady(tf, 'webgpu');
}
