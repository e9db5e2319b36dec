/** Opening a lease, tried again where it may go well then: a node may fail while a worker starts. */
import { ExecutorError } from '../errors.js';
import type { Lease, PlaceRequest } from '../schedule/executor.js';

const RETRIES = 2;
const PAUSE_MS = 1_000;

/**
 * @param name of what gives the leases, for the message
 * @throws ExecutorError when it is refused, or failed once and twice more; the signal's reason
 */
export async function openRetried(
  name: string,
  request: PlaceRequest,
  open: (request: PlaceRequest) => Promise<Lease>,
): Promise<Lease> {
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        return await open(request);
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        if (error instanceof ExecutorError) throw error;
        if (attempt === RETRIES)
          throw new ExecutorError(
            `${name} gave no lease, ${attempt + 1} times: ${(error as Error).message}`,
            { cause: error },
          );
        request.onState(`trying again: ${firstLine(error)}`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** attempt));
      }
    }
  } finally {
    request.onState('');
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0]!;
