/** A real JupyterLab (or Notebook) in a real Chromium, for tests, the gallery and the benchmark. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

/** The page's, inside what runs there. */
declare const window: any;

export const ROOT = resolve(__dirname, '..', '..');
const VENV = join(ROOT, '.venv');
const BIN = join(VENV, process.platform === 'win32' ? 'Scripts' : 'bin');

/** Where Chromium may be; FOLDLAB_CHROMIUM names another. */
const CHROMIUMS = [
  process.env.FOLDLAB_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export function findChromium(): string | null {
  return CHROMIUMS.find((path) => path !== undefined && path !== '' && existsSync(path)) ?? null;
}

/** Why no browser test can run here; '' when they can. */
export function missing(): string {
  if (findChromium() === null) return 'no Chromium: apt-get install chromium, or set FOLDLAB_CHROMIUM';
  if (!existsSync(join(BIN, 'jupyter'))) return 'no .venv: run "node scripts/setup.mjs"';
  if (!existsSync(join(VENV, 'share/jupyter/labextensions/@foldlab/lab/package.json')))
    return 'the extension is not installed: run "node scripts/setup.mjs"';
  return '';
}

export interface CellSource {
  readonly source: string;
  /** As in a notebook file. */
  readonly outputs?: readonly object[];
}

export interface LabOptions {
  /** @default 'light' */
  readonly theme?: 'light' | 'dark' | 'high contrast';
  /** Viewport. @default 1400 × 1100 */
  readonly width?: number;
  readonly height?: number;
  /** Pixels per CSS pixel. @default 1 */
  readonly scale?: number;
}

/** The programs that can show notebooks, with the name of their configuration. */
const APPS = { lab: 'LabApp', notebook: 'JupyterNotebookApp' } as const;

/** A running server with folders of its own. Beside foldlab's kernel there is "stock": tslab as it is. */
export class Lab implements AsyncDisposable {
  private constructor(
    private readonly server: ChildProcess,
    readonly url: string,
    readonly token: string,
    /** The server's root: inside the repository, so that cells find node_modules. */
    readonly dir: string,
    private readonly settings: string,
    readonly app: keyof typeof APPS,
    /** What the server printed, for a failure's message. */
    readonly log: () => string,
  ) {}

  /**
   * @param options.venv a Python environment instead of .venv
   * @param options.env more of the server's environment
   * @param options.app JupyterLab by default; Notebook is in no environment of ours
   */
  static async start({
    venv = VENV,
    env = {},
    app = 'lab',
  }: {
    readonly venv?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly app?: keyof typeof APPS;
  } = {}): Promise<Lab> {
    mkdirSync(join(ROOT, 'out'), { recursive: true });
    const dir = mkdtempSync(join(ROOT, 'out', 'ui-'));
    const settings = mkdtempSync(join(tmpdir(), 'foldlab-lab-'));
    const port = await freePort();
    const token = randomBytes(16).toString('hex');
    writeSetting(settings, '@jupyterlab/apputils-extension', 'notification', {
      fetchNews: 'false',
      checkForUpdates: false,
    });
    writeStockKernel(join(settings, 'data', 'kernels', 'stock'));
    const traits = APPS[app];
    let text = '';
    const server = spawn(
      join(venv, 'bin', 'jupyter'),
      [
        app,
        '--no-browser',
        '--allow-root',
        '--ip=127.0.0.1',
        `--port=${port}`,
        '--ServerApp.port_retries=0',
        `--IdentityProvider.token=${token}`,
        `--ServerApp.root_dir=${dir}`,
        `--${traits}.expose_app_in_browser=True`,
        // trust and workspaces of this server alone
        `--NotebookNotary.db_file=${join(settings, 'trust.db')}`,
        `--NotebookNotary.secret_file=${join(settings, 'secret')}`,
        `--${traits}.workspaces_dir=${join(settings, 'workspaces')}`,
        `--${traits}.user_settings_dir=${join(settings, 'user-settings')}`,
      ],
      {
        cwd: dir,
        env: {
          ...process.env,
          JUPYTER_CONFIG_DIR: join(settings, 'config'),
          JUPYTER_DATA_DIR: join(settings, 'data'),
          JUPYTER_RUNTIME_DIR: join(settings, 'runtime'),
          JUPYTER_PREFER_ENV_PATH: '1',
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    server.stdout!.on('data', (data) => (text += data));
    server.stderr!.on('data', (data) => (text += data));
    const url = `http://127.0.0.1:${port}`;
    const lab = new Lab(server, url, token, dir, settings, app, () => text.slice(-4000));
    await lab.ready();
    return lab;
  }

  /** Opens a browser of its own. */
  async open(options: LabOptions = {}): Promise<Browser> {
    const themes = {
      light: 'JupyterLab Light',
      dark: 'JupyterLab Dark',
      'high contrast': 'JupyterLab Dark High Contrast',
    };
    writeSetting(this.settings, '@jupyterlab/apputils-extension', 'themes', {
      theme: themes[options.theme ?? 'light'],
    });
    return Browser.launch(this, options);
  }

  /** Writes a notebook into the server's folder and returns its path there. */
  writeNotebook(name: string, cells: readonly CellSource[], kernel = 'foldlab'): string {
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {
        kernelspec: { name: kernel, display_name: kernel, language: 'typescript' },
        language_info: { name: 'typescript' },
      },
      cells: cells.map(({ source, outputs = [] }, i) => ({
        cell_type: 'code',
        id: `cell-${i}`,
        metadata: {},
        execution_count: outputs.length > 0 ? 1 : null,
        source,
        outputs,
      })),
    };
    writeFileSync(join(this.dir, name), JSON.stringify(notebook));
    return name;
  }

  /** Signs a notebook as this user's, so that its outputs are trusted. */
  trust(name: string): void {
    execFileSync(join(BIN, 'jupyter'), [
      'trust',
      `--NotebookNotary.db_file=${join(this.settings, 'trust.db')}`,
      `--NotebookNotary.secret_file=${join(this.settings, 'secret')}`,
      join(this.dir, name),
    ]);
  }

  /** The server's own interface. */
  async request(path: string, method = 'GET'): Promise<any> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { Authorization: `token ${this.token}` },
    });
    const body = await answer.text();
    return body === '' ? null : JSON.parse(body);
  }

  async shutdownKernels(): Promise<void> {
    for (const session of (await this.request('/api/sessions').catch(() => [])) as { id: string }[]) {
      await this.request(`/api/sessions/${session.id}`, 'DELETE').catch(() => null);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdownKernels();
    this.server.kill('SIGTERM');
    await new Promise((done) =>
      this.server.exitCode === null ? this.server.once('close', done) : done(null),
    );
    for (const folder of [this.dir, this.settings])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (this.server.exitCode !== null) break;
      const up = await fetch(`${this.url}/api`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (up) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`jupyter ${this.app} did not start:\n${this.log()}`);
  }
}

/** One browser with one page. */
export class Browser implements AsyncDisposable {
  private constructor(
    private readonly lab: Lab,
    private readonly context: BrowserContext,
    private readonly profile: string,
    readonly page: Page,
    /** Errors and warnings of the page's console. */
    readonly complaints: string[],
  ) {}

  static async launch(lab: Lab, { width = 1400, height = 1100, scale = 1 }: LabOptions): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'foldlab-browser-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: findChromium()!,
      headless: true,
      viewport: { width, height },
      deviceScaleFactor: scale,
      permissions: ['clipboard-read', 'clipboard-write'],
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--font-render-hinting=none',
      ],
    });
    const page = context.pages()[0] ?? (await context.newPage());
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return new Browser(lab, context, profile, page, complaints);
  }

  /** Opens a notebook and waits until its outputs are there; with `kernel` also until its kernel is idle. */
  async openNotebook(path: string, { kernel = false }: { readonly kernel?: boolean } = {}): Promise<void> {
    const place = this.lab.app === 'lab' ? `lab/tree/${path}?reset&` : `notebooks/${path}?`;
    await this.page.goto(`${this.lab.url}/${place}token=${this.lab.token}`);
    await this.page.waitForSelector('.jp-Notebook .jp-Cell', { timeout: 60_000 });
    if (kernel) await this.kernelIdle();
  }

  async kernelIdle(): Promise<void> {
    await this.page.waitForFunction(
      () => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle',
      null,
      { timeout: 60_000 },
    );
  }

  /** Switches the theme; resolves when the page wears it. */
  async theme(name: string): Promise<void> {
    await this.command('apputils:change-theme', { theme: name });
    await this.page.waitForFunction((wanted) => window.document.body.dataset.jpThemeName === wanted, name);
    // colours move for a moment
    await this.page.waitForTimeout(200);
  }

  /** A command of JupyterLab. */
  async command(id: string, args: object = {}): Promise<unknown> {
    return this.page.evaluate(
      ([name, options]) => {
        const pending = window.jupyterapp.commands.execute(name, options);
        return Promise.resolve(pending).then(() => null);
      },
      [id, args] as const,
    );
  }

  /** Executes a cell; resolves when it has ended, or at once with `wait: false`. */
  async runCell(index: number, { wait = true }: { readonly wait?: boolean } = {}): Promise<void> {
    await this.page.evaluate((i) => {
      const { content } = window.jupyterapp.shell.currentWidget;
      content.deselectAll();
      content.activeCellIndex = i;
    }, index);
    const done = this.command('notebook:run-cell');
    if (wait) await done;
    else void done.catch(() => null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function writeStockKernel(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const tslab = join(ROOT, 'node_modules', 'tslab', 'bin', 'tslab');
  const argv = [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}'];
  writeFileSync(
    join(folder, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'tslab', language: 'typescript' }),
  );
}

function writeSetting(folder: string, plugin: string, name: string, value: object): void {
  const dir = join(folder, 'user-settings', plugin);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, `${name}.jupyterlab-settings`), JSON.stringify(value));
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}
