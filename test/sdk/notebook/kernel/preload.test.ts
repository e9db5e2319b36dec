import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { preloadKernel } from '../../../../sdk/src/notebook/kernel/preload.js';

const loader = Module as any;

describe('preloadKernel', () => {
  let dir: string;
  let load: unknown;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'foldlab-preload-'));
    load = loader._load;
  });
  afterEach(() => {
    loader._load = load;
    vi.restoreAllMocks();
    rmSync(dir, { recursive: true });
  });

  /** Loads './jupyter' as tslab's main.js of that version does; gives back its exports. */
  function loadJupyter(version: string) {
    const dist = join(dir, 'node_modules', 'tslab', 'dist');
    mkdirSync(dist, { recursive: true });
    writeFileSync(join(dist, '..', 'package.json'), JSON.stringify({ name: 'tslab', version }));
    writeFileSync(
      join(dist, 'jupyter.js'),
      `exports.ZmqServer = class { bindSocket() {} handleExecute() {} };
       exports.JupyterHandlerImpl = class { handleExecute() {} handleExecuteImpl() {} };
       exports.bindSocket = exports.ZmqServer.prototype.bindSocket;`,
    );
    return createRequire(join(dist, 'main.js'))('./jupyter');
  }

  it('patches tslab when its version is known to work', () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    preloadKernel();
    const jupyter = loadJupyter('1.0.22');
    expect(jupyter.ZmqServer.prototype.bindSocket).not.toBe(jupyter.bindSocket);
    expect(stderr).not.toHaveBeenCalled();
  });

  it('leaves tslab as it is and says so when its version is another', () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    preloadKernel();
    const jupyter = loadJupyter('9.9.9');
    expect(jupyter.ZmqServer.prototype.bindSocket).toBe(jupyter.bindSocket);
    expect(stderr).toHaveBeenCalledTimes(1);
    expect(stderr.mock.calls[0]![0]).toContain(
      'tslab 9.9.9 is not one of the versions known to work (1.0.22)',
    );
  });
});
