/** Leases of a Ray cluster: one actor each, whose worker's bytes go through one Python process beside this one. */
import type { RayExecutor } from '../../contract/executors.js';
import type { Engine, Lease, PlaceRequest } from '../../schedule/executor.js';
import { decodeBatch, encodeFrame, FrameReader, frameStart } from '../../workers/frames.js';
import type { WorkerLink } from '../../workers/link.js';
import type { Batch, FromWorker } from '../../workers/protocol.js';
import { BEATS, LOST_AFTER_MS, watchSilence } from '../../workers/silence.js';
import { openWorkerLease } from '../../workers/workerLease.js';
import { openRetried } from '../openRetried.js';
import { startBridge, type Bridge } from './bridge.js';

export interface RayPorts {
  readonly choice: RayExecutor;
  /** The Python file. */
  readonly bridge: string;
  /** The worker's compiled entry file, the same on every node. */
  readonly entry: string;
  /** What the Python process inherits. */
  readonly environment: NodeJS.ProcessEnv;
}

export function createRayEngine({ choice, bridge: file, entry, environment }: RayPorts): Engine {
  const silenceMs = choice.lostAfterMs ?? LOST_AFTER_MS;
  const command = { python: choice.python ?? 'python3', file, address: choice.address ?? 'auto' };
  let bridge: Bridge | null = null;
  let held = 0;
  let opened = 0;

  /** A script waits for the cluster while it waits for a lease, or a lease has work. */
  const hold = (change: 1 | -1): void => {
    held += change;
    bridge?.hold(held > 0);
  };

  const openOnce = async (request: PlaceRequest): Promise<Lease> => {
    const { gpus, threads, signal, onState } = request;
    if (!bridge?.alive) bridge = startBridge(command, environment);
    const current = bridge;
    hold(1);
    try {
      onState('connecting to Ray');
      // Ray is not to be interrupted while it connects
      const stop = (): void => current.kill();
      signal?.addEventListener('abort', stop, { once: true });
      await current.ready.finally(() => signal?.removeEventListener('abort', stop));
      signal?.throwIfAborted();
      onState('asking Ray for a lease');
      const id = `ray-${++opened}`;
      const link = rayLink({ bridge: current, id, silenceMs, onState, hold });
      current.send({
        op: 'open',
        lease: id,
        gpus,
        cpus: choice.cpus ?? threads,
        resources: choice.resources,
        argv: [choice.node ?? process.execPath, entry],
        cwd: process.cwd(),
        env: {
          ...foldlabs(environment),
          ...request.environment,
          ...(gpus > 0 ? {} : { CUDA_VISIBLE_DEVICES: '' }),
          FOLDLAB_GPUS: gpus > 0 ? 'placed' : '',
          FOLDLAB_BEAT_MS: String(Math.ceil(silenceMs / BEATS)),
        },
      });
      return await openWorkerLease(link, { id, gpus: [], shipment: request.shipment, signal });
    } finally {
      hold(-1);
    }
  };

  return {
    name: 'ray',
    open: (request) => openRetried('Ray', request, openOnce),
    async close() {
      await bridge?.close();
    },
  };
}

interface LinkOptions {
  readonly bridge: Bridge;
  readonly id: string;
  readonly silenceMs: number;
  onState(text: string): void;
  hold(change: 1 | -1): void;
}

function rayLink({ bridge, id, silenceMs, onState, hold }: LinkOptions): WorkerLink {
  const kill = (): void => bridge.send({ op: 'kill', lease: id });
  let isHeld = false;
  const setHeld = (held: boolean): void => {
    if (held === isHeld) return;
    isHeld = held;
    hold(held ? 1 : -1);
  };
  return {
    pid: -1,
    listen({ onBatch, onOutput, onEnd }) {
      let ended = false;
      const end: typeof onEnd = (how) => {
        silence.stop();
        setHeld(false);
        if (!ended) onEnd(how);
        ended = true;
      };
      const fail = (reason: string): void => {
        end({ exitCode: null, signal: null, reason });
        kill();
      };
      const silence = watchSilence(silenceMs, fail);
      const reader = new FrameReader();
      bridge.listen(id, (event, payload) => {
        if (event.ev === 'state') onState(event.text!);
        else if (event.ev === 'output') onOutput(payload.toString('utf8'));
        else if (event.ev === 'ended')
          end({
            exitCode: event.code ?? null,
            signal: null,
            ...(event.reason ? { reason: event.reason } : {}),
          });
        else if (!ended) {
          silence.heard();
          try {
            for (const batch of reader.read(payload).map(decodeBatch))
              if (batch.length > 0) onBatch(batch as Batch<FromWorker>);
          } catch (error) {
            fail((error as Error).message);
          }
        }
      });
    },
    send: (() => {
      let begun = false;
      return (batch) => {
        const frame = encodeFrame(batch);
        bridge.send({ op: 'data', lease: id }, begun ? frame : Buffer.concat([frameStart(), frame]));
        begun = true;
      };
    })(),
    kill,
    ref: () => setHeld(true),
    unref: () => setHeld(false),
  };
}

/** foldlab's own settings: where its caches are, which TensorFlow it uses. */
const foldlabs = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('FOLDLAB_')));
