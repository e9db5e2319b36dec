/**
 * Answers the pages that show this kernel's runs, from the moment that foldlab is imported.
 */
import { openRun } from './openRun.js';
import type { KnownRun } from './run/knownRun.js';
import { defaultCacheDir } from './run/options.js';
import { answerPages } from './run/wire/answerPages.js';
import { currentSession } from './session.js';

answerPages(() => {
  const session = currentSession();
  return {
    get workers() {
      return session.workers;
    },
    get knownRuns() {
      return session.knownRuns;
    },
    findRun: (id) => session.findRun(id) ?? fromDisk(id),
    onRun: session.onRun,
    cacheDir: defaultCacheDir(),
    forget: session.forget,
    releaseWorkers: session.releaseWorkers,
  };
});

/** A saved notebook shows a run of an earlier kernel: what is on disk can be looked at, and run again. */
function fromDisk(id: string): KnownRun | null {
  try {
    openRun(id);
  } catch {
    return null;
  }
  return currentSession().findRun(id);
}
