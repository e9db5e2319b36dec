/** Real kernels for tests: started by Jupyter's own client from .venv, driven through `driver.py`. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe } from 'vitest';

export const ROOT = resolve(__dirname, '..', '..');
/** Below the repository, so that cells find its node_modules. */
const CWD = join(ROOT, 'test', 'kernel');
const PYTHON = join(
  ROOT,
  '.venv',
  ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
);

/** Why no kernel can be started here; '' when one can. */
export function missing(): string {
  if (!existsSync(PYTHON)) return 'no .venv: run "node scripts/setup.mjs"';
  if (!existsSync(join(ROOT, 'sdk', 'dist', 'kernel.js'))) return 'sdk is not built: run "npm run build"';
  return '';
}

/** Like `describe`, but skipped, saying why, where no kernel can be started. */
export function describeKernel(name: string, tests: () => void): void {
  const reason = missing();
  describe.skipIf(reason !== '')(reason ? `${name} (skipped: ${reason})` : name, tests);
}

export interface Message {
  readonly type: string;
  /** msg_id of the request that it belongs to. */
  readonly parent: string | null;
  readonly content: any;
}

/** One executed cell. */
export interface Execution {
  readonly id: string;
  readonly reply: any;
  /** What came on iopub with this cell as parent, up to its idle. */
  readonly messages: readonly Message[];
  /** Everything the cell printed to stdout. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface KernelOptions {
  /** 'foldlab', or 'stock': tslab as it is. @default 'foldlab' */
  readonly kernel?: 'foldlab' | 'stock';
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Kernel extends AsyncDisposable {
  readonly pid: number;
  /** Every iopub message since the start, whoever its parent is. */
  readonly messages: readonly Message[];
  /**
   * Resolves when the cell's reply and its idle have arrived. After a failed cell it waits first until the kernel
   * takes cells again: for 200 ms tslab answers "abort" to everything, which is how it drops the cells queued behind.
   */
  execute(code: string): Promise<Execution>;
  /** Resolves with the first message, past or to come, that `wanted` accepts. */
  message(wanted: (message: Message) => boolean): Promise<Message>;
  /** Sends a message on the shell channel that nobody replies to; resolves to its msg_id. */
  send(type: string, content: object): Promise<string>;
  /** Sends a request on the shell channel; resolves to its reply. */
  request(type: string, content: object): Promise<Message>;
  /** As the stop button does. */
  interrupt(): void;
  /** SIGKILL to the kernel process alone. */
  kill(): void;
  stop(): Promise<void>;
}

interface Pending {
  id: string | null;
  reply: any;
  idle: boolean;
  readonly messages: Message[];
  readonly settle: (execution: Execution) => void;
  readonly fail: (error: Error) => void;
}

export async function startKernel(options: KernelOptions = {}): Promise<Kernel> {
  const specs = kernelspecs();
  const args = [join(__dirname, 'driver.py'), options.kernel ?? 'foldlab', options.cwd ?? CWD];
  const child = spawn(PYTHON, args, {
    env: { ...process.env, JUPYTER_PATH: specs.dir, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += data));

  const messages: Message[] = [];
  const watchers = new Set<(message: Message) => void>();
  const byNumber = new Map<number, Pending>();
  const sent = new Map<number, (id: string) => void>();
  const replies = new Map<string, Message>();
  const replied = new Map<string, (reply: Message) => void>();
  const byId = new Map<string, Pending>();
  let numSent = 0;
  let takesCellsAgain = Promise.resolve();
  const send = (command: object) => child.stdin.write(`${JSON.stringify(command)}\n`);

  const settleIfComplete = (pending: Pending) => {
    if (pending.reply === undefined || !pending.idle) return;
    byId.delete(pending.id!);
    const text = (name: string) =>
      pending.messages
        .filter(({ type, content }) => type === 'stream' && content.name === name)
        .map(({ content }) => content.text)
        .join('');
    const { id, reply } = pending;
    if (reply.status === 'error') takesCellsAgain = new Promise((done) => setTimeout(done, 300));
    pending.settle({
      id: id!,
      reply,
      messages: pending.messages,
      stdout: text('stdout'),
      stderr: text('stderr'),
    });
  };

  const receive = (line: any) => {
    if (line.event === 'sent' && sent.has(line.id)) {
      sent.get(line.id)!(line.message);
    } else if (line.event === 'sent') {
      const pending = byNumber.get(line.id)!;
      pending.id = line.message;
      byId.set(line.message, pending);
    } else if (line.event === 'shell' && line.type === 'execute_reply') {
      const pending = byId.get(line.parent);
      if (!pending) return;
      pending.reply = line.content;
      settleIfComplete(pending);
    } else if (line.event === 'shell') {
      const reply: Message = { type: line.type, parent: line.parent, content: line.content };
      replies.set(line.parent, reply);
      replied.get(line.parent)?.(reply);
    } else if (line.event === 'iopub') {
      const message: Message = { type: line.type, parent: line.parent, content: line.content };
      messages.push(message);
      for (const watcher of watchers) watcher(message);
      const pending = byId.get(line.parent);
      if (!pending) return;
      pending.messages.push(message);
      if (message.type === 'status' && message.content.execution_state === 'idle') pending.idle = true;
      settleIfComplete(pending);
    }
  };

  const closed = new Promise<void>((done) => child.once('close', () => done()));
  const pid = await new Promise<number>((ready, fail) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text);
      if (line.event === 'ready') ready(line.pid);
      else receive(line);
    });
    void closed.then(() => {
      const error = new Error(`The kernel's driver ended:\n${stderr}`);
      fail(error);
      for (const pending of byNumber.values()) pending.fail(error);
    });
  });

  const sendMessage = (type: string, content: object): Promise<string> => {
    const id = numSent++;
    send({ op: 'send', id, type, content });
    return new Promise((done) => sent.set(id, done));
  };
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) send({ op: 'stop' });
    await closed;
    specs.remove();
  };
  return {
    pid,
    messages,
    async execute(code) {
      await takesCellsAgain;
      const id = numSent++;
      return new Promise((settle, fail) => {
        byNumber.set(id, { id: null, reply: undefined, idle: false, messages: [], settle, fail });
        send({ op: 'execute', id, code });
      });
    },
    message(wanted) {
      const past = messages.find(wanted);
      if (past) return Promise.resolve(past);
      return new Promise((found) => {
        const watcher = (message: Message) => {
          if (!wanted(message)) return;
          watchers.delete(watcher);
          found(message);
        };
        watchers.add(watcher);
      });
    },
    send: sendMessage,
    async request(type, content) {
      const id = await sendMessage(type, content);
      return replies.get(id) ?? new Promise((done) => replied.set(id, done));
    },
    interrupt: () => void send({ op: 'interrupt' }),
    kill: () => void send({ op: 'kill' }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

export interface ExecutedCells {
  /** The outputs of each cell, as a saved notebook has them. */
  readonly outputs: readonly (readonly any[])[];
  readonly error: { readonly ename: string; readonly evalue: string; readonly text: string } | null;
}

/** Executes cells with nbclient in a kernel of their own, as `npm start -- --headless` executes a notebook. */
export async function executeCells(
  cells: readonly string[],
  options: KernelOptions = {},
): Promise<ExecutedCells> {
  const specs = kernelspecs();
  const args = [join(__dirname, 'execute_cells.py'), options.kernel ?? 'foldlab', options.cwd ?? CWD];
  const child = spawn(PYTHON, args, { env: { ...process.env, JUPYTER_PATH: specs.dir, ...options.env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  child.stdin.end(JSON.stringify(cells));
  const code = await new Promise((done) => child.once('close', done));
  specs.remove();
  if (code !== 0) throw new Error(`nbclient failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** A kernelspec "stock" for tslab as it is; "foldlab" is found in .venv, where set-up put it. */
function kernelspecs(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'foldlab-kernels-'));
  const stock = join(dir, 'kernels', 'stock');
  mkdirSync(stock, { recursive: true });
  const tslab = join(ROOT, 'node_modules', 'tslab', 'bin', 'tslab');
  writeFileSync(
    join(stock, 'kernel.json'),
    JSON.stringify({
      argv: [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}'],
      display_name: 'tslab',
      language: 'typescript',
    }),
  );
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
