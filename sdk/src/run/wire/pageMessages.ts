/** Checks what a page sends, before anything is done about it. */
import { z } from 'zod';
import type { PageMessage } from '../../view/wire.js';

/** Characters of an id, of a path, and of parameters as JSON. */
const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_PARAMS = 256 * 1024;

const index = z.int().min(0).max(1_000_000);
const place = { cvIndex: index, repIndex: index };
const run = z.string().max(MAX_ID);

const action = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rerun'), ...place, trainParams: z.unknown().optional() }),
  z
    .strictObject({ kind: z.literal('cancel'), cvIndex: index.optional(), repIndex: index.optional() })
    .refine(
      (value) => (value.cvIndex === undefined) === (value.repIndex === undefined),
      'cvIndex and repIndex go together',
    ),
  z.strictObject({ kind: z.literal('use'), ...place, attempt: z.int().min(1) }),
  z.strictObject({ kind: z.literal('files'), ...place }),
  z.strictObject({ kind: z.literal('params'), ...place }),
  z.strictObject({ kind: z.literal('releaseWorkers') }),
  z.strictObject({ kind: z.literal('removeFiles'), dir: z.string().min(1).max(MAX_PATH) }),
]);

const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('attach'), run }),
  z.object({ type: z.literal('detach'), run }),
  z.object({ type: z.literal('watchSession'), on: z.boolean() }),
  z.object({ type: z.literal('act'), request: z.int(), run, action }),
]);

/** @throws TypeError that names the field and the rule */
export function parsePageMessage(data: unknown): PageMessage {
  const parsed = message.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new TypeError(`Cannot understand the page at "${issue.path.join('.')}": ${issue.message}`);
  }
  const { data: known } = parsed;
  if (known.type === 'act' && known.action.kind === 'rerun' && known.action.trainParams !== undefined) {
    if (JSON.stringify(known.action.trainParams).length > MAX_PARAMS)
      throw new TypeError(`Cannot understand the page: trainParams must be at most ${MAX_PARAMS} characters`);
  }
  return known as PageMessage;
}

/** The number of a request, so that also a wrong one is answered; null for none. */
export function requestOf(data: unknown): number | null {
  const request = (data as { request?: unknown } | null | undefined)?.request;
  return typeof request === 'number' && Number.isInteger(request) ? request : null;
}
