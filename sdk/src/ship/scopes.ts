/**
 * What a function really sees: its [[Scopes]], read by V8's inspector inside this process. The calls are synchronous.
 */
import { Session } from 'node:inspector';

export interface Scope {
  /** V8's word for it: "Closure (f)", "Block", "Script". */
  readonly description: string;
  /** Its variables by name, with their identity. */
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface FunctionFacts {
  /** Innermost first, without the global one. */
  readonly scopes: readonly Scope[];
  readonly scriptId: string;
  /** Zero-based. */
  readonly line: number;
  readonly bound: boolean;
}

interface RemoteObject {
  objectId?: string;
  description?: string;
  value?: unknown;
}

interface PropertiesResult {
  result: { name: string; value?: RemoteObject }[];
  internalProperties?: { name: string; value?: RemoteObject }[];
  privateProperties?: { name: string }[];
}

/** Carries values between this module and the inspector; nobody else reads it. */
const SLOT = '__foldlabShipSlot';
const GROUP = 'foldlab-ship';
const slot: { value?: unknown; out?: unknown } = {};

let session: Session | null = null;

function post<T>(method: string, params: object = {}): T {
  if (!session) {
    session = new Session();
    session.connect();
    Object.defineProperty(globalThis, SLOT, { value: slot, configurable: true, enumerable: false });
  }
  let result: unknown;
  let failure: Error | null = null;
  (
    session as unknown as { post(m: string, p: object, done: (e: Error | null, r: unknown) => void): void }
  ).post(method, params, (error, value) => {
    failure = error;
    result = value;
  });
  if (failure) throw new Error(`V8's inspector refused ${method}: ${(failure as Error).message}`);
  return result as T;
}

function withObject<T>(value: unknown, read: (objectId: string) => T): T {
  slot.value = value;
  try {
    const { result } = post<{ result: RemoteObject }>('Runtime.evaluate', {
      expression: `${SLOT}.value`,
      objectGroup: GROUP,
    });
    return read(result.objectId!);
  } finally {
    post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    slot.value = slot.out = undefined;
  }
}

const propertiesOf = (objectId: string): PropertiesResult =>
  post<PropertiesResult>('Runtime.getProperties', { objectId, ownProperties: true });

/** Reads a function's scopes. */
export function inspectFunction(fn: object): FunctionFacts {
  return withObject(fn, (objectId) => {
    const internal = new Map(
      (propertiesOf(objectId).internalProperties ?? []).map(({ name, value }) => [name, value]),
    );
    const scopes: Scope[] = [];
    const list = internal.get('[[Scopes]]')?.objectId;
    for (const { name, value } of list ? propertiesOf(list).result : []) {
      const description = value?.description ?? '';
      if (!/^\d+$/.test(name) || description === 'Global' || !value?.objectId) continue;
      slot.out = undefined;
      // the scope itself can only be reached as V8's own object: it hands out the variables with their identity
      post('Runtime.callFunctionOn', {
        objectId: value.objectId,
        functionDeclaration: `function () { ${SLOT}.out = this.object; }`,
      });
      scopes.push({ description, variables: (slot.out ?? {}) as Record<string, unknown> });
    }
    const location = internal.get('[[FunctionLocation]]')?.value as
      { scriptId: string; lineNumber: number } | undefined;
    return {
      scopes,
      scriptId: location?.scriptId ?? '?',
      line: location?.lineNumber ?? 0,
      bound: internal.has('[[TargetFunction]]'),
    };
  });
}

/** Names of an instance's private fields. */
export function privateFields(value: object): string[] {
  return withObject(value, (objectId) =>
    (propertiesOf(objectId).privateProperties ?? []).map(({ name }) => name),
  );
}

/** Own property names of an array or typed array without its indices, of which there can be millions. */
export function namedKeys(value: object): string[] {
  return withObject(value, (objectId) =>
    post<PropertiesResult>('Runtime.getProperties', {
      objectId,
      ownProperties: true,
      nonIndexedPropertiesOnly: true,
    })
      .result.map(({ name }) => name)
      .filter((name) => Object.hasOwn(value, name)),
  );
}

const urls = new Map<string, string>();

/** A script's URL and text. The first call in a process takes some tenths of a second: only for instances and errors. */
export function inspectScript(scriptId: string): { url: string; source: string } {
  const onParsed = (message: { params: { scriptId: string; url: string } }): void => {
    urls.set(message.params.scriptId, message.params.url);
  };
  session?.on('Debugger.scriptParsed', onParsed as never);
  try {
    post('Debugger.enable');
    const { scriptSource } = post<{ scriptSource: string }>('Debugger.getScriptSource', { scriptId });
    return { url: urls.get(scriptId) ?? '', source: scriptSource };
  } catch {
    return { url: urls.get(scriptId) ?? '', source: '' };
  } finally {
    session?.off('Debugger.scriptParsed', onParsed as never);
    post('Debugger.disable');
  }
}
