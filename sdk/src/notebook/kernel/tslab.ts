/**
 * The parts of tslab's private modules that the patches touch, as they are in the versions known to work.
 */

/** A patch reaches into private code, so it is applied to exactly these versions. */
export const KNOWN_TSLAB_VERSIONS = ['1.0.22'] as const;

/** The modules that may be patched, by the file of tslab that loads them. */
export const TSLAB_MODULES = {
  main: ['converter', 'executor', 'jupyter'],
  converter: ['@tslab/typescript-for-tslab'],
} as const;
export type TslabModule = (typeof TSLAB_MODULES)[keyof typeof TSLAB_MODULES][number];

/** Header of a Jupyter message. */
export interface MessageHeader {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
}

/** A received message. */
export interface TslabMessage {
  readonly header: MessageHeader;
  readonly content: unknown;
}

export interface TslabSocket {
  readonly closed: boolean;
  sendTimeout: number;
  sendHighWaterMark: number;
  send(frames: readonly (string | Buffer)[]): Promise<void>;
}

/** What execute_reply carries. */
export interface ExecuteReply {
  status: 'ok' | 'error' | 'abort';
  execution_count?: number;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

export interface TslabServer {
  readonly connInfo: { readonly key: string };
  readonly iopub: TslabSocket;
  bindSocket(socket: TslabSocket, port: number): Promise<void>;
  handleShellMessage(socket: TslabSocket, ...frames: Buffer[]): Promise<void>;
  handleExecute(socket: TslabSocket, message: TslabMessage): Promise<void>;
  publishStatus(status: 'busy' | 'idle', parent: Pick<TslabMessage, 'header'>): void;
}

export interface TslabHandler {
  /** Of cells executed before. */
  readonly execCount: number;
  handleExecute(request: object, ...writers: unknown[]): Promise<ExecuteReply>;
  handleExecuteImpl(request: object, ...writers: unknown[]): Promise<unknown>;
  /** What stands in for a process stream's `write` while a cell is the newest; needs no `this`. */
  createWriteToIopub(name: 'stdout' | 'stderr', write: StreamWriter): NodeJS.WriteStream['write'];
}

export type StreamWriter = (name: 'stdout' | 'stderr', text: string) => void;

export type WriteDisplayData = (content: object, update: boolean) => void;

/** tslab/dist/jupyter.js */
export interface JupyterModule {
  /** Writes to the cell that was executed last; null before the first. */
  lastWriteDisplayData: WriteDisplayData | null;
  ZmqServer: { prototype: TslabServer };
  JupyterHandlerImpl: { prototype: TslabHandler };
}

export interface TslabConsole {
  log(...args: unknown[]): void;
  error(...args: unknown[]): void;
}

export interface TslabExecutor {
  /** False when the cell failed; what failed was printed to the console given at creation. */
  execute(source: string): Promise<boolean>;
}

/** tslab/dist/executor.js */
export interface ExecutorModule {
  createExecutor(rootDir: string, converters: unknown, console: TslabConsole): TslabExecutor;
}

export interface SourcePosition {
  offset: number;
  line: number;
  character: number;
}

export interface TslabDiagnostic {
  start: SourcePosition;
  end: SourcePosition;
  /** Absent for the cell itself. */
  fileName?: string;
}

export interface Conversion {
  /** JavaScript of the cell. */
  output?: string;
  diagnostics: TslabDiagnostic[];
}

export interface TslabConverter {
  convert(previousDeclarations: string, source: string): Conversion;
}

/** tslab/dist/converter.js */
export interface ConverterModule {
  createConverter(options?: { isJS?: boolean; isBrowser?: boolean }): TslabConverter;
}

/** What a patch gets: the module's exports and tslab's own `require`. */
export interface PatchTarget<Exports> {
  readonly exports: Exports;
  readonly require: { (id: string): any; resolve(id: string): string };
}
