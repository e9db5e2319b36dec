/**
 * Starts the wasm backend without making code wait that does not expect to.
 *
 * Set-up copies the compiled file into the adapter package, so it must import nothing.
 */

/** The part of tfjs-core that knows the backends. */
export interface BackendRegistry {
  engine(): { ready(): Promise<void> };
  backend(): { firstUse?: boolean };
  findBackendFactory(name: string): () => object | Promise<object>;
  registerBackend(name: string, factory: () => object | Promise<object>, priority: number): boolean;
  removeBackend(name: string): void;
  setBackend(name: string): Promise<boolean>;
}

/** Above plain JavaScript's. */
const PRIORITY = 2;

/** Selects plain JavaScript at once, and keeps it from advising to install what the adapter stands in for. */
export function startPlain(tf: BackendRegistry): void {
  void tf.setBackend('cpu');
  tf.backend().firstUse = false;
}

/**
 * WASM starts asynchronously, tfjs-node does not, and tfjs throws for operations before a backend is ready. So operations
 * run in plain JavaScript until WASM is there (tfjs moves the tensors), and `tf.ready()` waits for WASM. Where WASM
 * cannot start, plain JavaScript stays.
 */
export function startWasm(tf: BackendRegistry): void {
  startPlain(tf);
  startWhenReady(tf, 'wasm');
}

/** Selects a registered backend as soon as it has started, and lets `tf.ready()` wait for that. */
export function startWhenReady(tf: BackendRegistry, name: string): void {
  let instance: object | null = null;
  const instantiating = Promise.resolve(tf.findBackendFactory(name)()).then(
    (backend) => (instance = backend),
  );
  // the factory is asked again by setBackend; a second instance would double the memory
  tf.removeBackend(name);
  tf.registerBackend(name, () => instance ?? instantiating, PRIORITY);
  const started = instantiating.then(
    () => tf.setBackend(name),
    () => false,
  );
  const engine = tf.engine();
  const ready = engine.ready.bind(engine);
  engine.ready = async () => {
    await started;
    await ready();
  };
}
