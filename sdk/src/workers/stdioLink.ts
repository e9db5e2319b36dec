/** A worker behind a command that carries its stdin and stdout, like `srun`: frames both ways. */
import type { ChildProcess } from 'node:child_process';
import { ANSWER, decodeBatch, encodeFrame, FrameReader, frameStart } from './frames.js';
import { whenChildEnds, type WorkerLink } from './link.js';
import type { Batch, FromWorker } from './protocol.js';
import { watchSilence } from './silence.js';

interface Referenced {
  ref(): void;
  unref(): void;
}

/**
 * @param child spawned with pipes for stdin, stdout and stderr
 * @param options.silenceMs after so long without a sign of life it counts as lost
 */
export function stdioLink(child: ChildProcess, { silenceMs }: { silenceMs: number }): WorkerLink {
  const parts = [child, child.stdin, child.stdout, child.stderr] as unknown as Referenced[];
  child.stdin!.on('error', () => {});
  child.stdin!.write(frameStart());
  const kill = (): void => void child.kill('SIGKILL');
  return {
    pid: child.pid ?? -1,
    listen({ onBatch, onOutput, onEnd }) {
      const silence = watchSilence(silenceMs, (reason) => {
        end({ exitCode: null, signal: null, reason });
        kill();
      });
      let ended = false;
      const end: typeof onEnd = (how) => {
        silence.stop();
        if (!ended) onEnd(how);
        ended = true;
      };
      const reader = new FrameReader();
      child.stdout!.on('data', (piece: Uint8Array) => {
        silence.heard();
        if (ended) return;
        try {
          const batches = reader
            .read(piece)
            .map(decodeBatch)
            .filter(({ length }) => length > 0);
          for (const batch of batches as Batch<FromWorker>[]) onBatch(batch);
          // the end of a job is answered by the next one
          const isGoingOn = batches.at(-1)?.every((message) => (message as FromWorker).type === 'event');
          if (reader.partial || isGoingOn) child.stdin!.write(ANSWER);
        } catch (error) {
          end({ exitCode: null, signal: null, reason: (error as Error).message });
          kill();
        }
      });
      child.stderr!.setEncoding('utf8').on('data', onOutput);
      whenChildEnds(child, end);
    },
    send: (batch) => void child.stdin!.write(encodeFrame(batch)),
    kill,
    ref: () => parts.forEach((part) => part.ref()),
    unref: () => parts.forEach((part) => part.unref()),
  };
}
