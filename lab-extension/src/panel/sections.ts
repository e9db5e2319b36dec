/** The sections of the side panel: plain functions of what the sessions say. */
import {
  formatDuration,
  oneLine,
  type Action,
  type SessionModel,
  type UnitStatus,
  sayCount,
  told,
} from 'foldlab/view';
import { t } from '../i18n';
import type { KernelLink } from '../live/kernelLink';
import type { WatchedSession } from '../live/sessions';
import { el } from '../view/dom';
import { statusSymbol } from '../view/symbols';
import { bytes } from './bytes';
import { action, item, section } from './list';
import type { KeptHere } from './storage';

export interface PanelActions {
  open(path: string): void;
  act(link: KernelLink, run: string, action: Action): void;
  reveal(session: WatchedSession, dir: string): void;
  /** Asks, then removes. */
  remove(entry: KeptHere): void;
}

type Run = SessionModel['runs'][number];

const STATUSES: readonly string[] = ['queued', 'running', 'done', 'failed', 'cancelled'];
const signOf = (status: string): Node =>
  statusSymbol((STATUSES.includes(status) ? status : 'queued') as UnitStatus);

export function sessionsSection(sessions: readonly WatchedSession[], actions: PanelActions): HTMLElement {
  const items = sessions.map((watched) => {
    const { path, session, link } = watched;
    const running = session?.runs.some((run) => run.status === 'running') ?? false;
    const words =
      session === null
        ? t('foldlab not imported yet, or kernel busy')
        : [sayCount(session.workers.length, '%1 worker', '%1 workers'), t('pid %1', session.pid)].join(' · ');
    return item({
      sign: signOf(running ? 'running' : 'queued'),
      name: path.split('/').at(-1)!,
      title: path,
      act: action(t('Open'), `open ${path}`, () => actions.open(path)),
      sub: [words, link.kernel.status],
    });
  });
  return section(t('Sessions'), String(sessions.length), items, t('No foldlab notebook is running'));
}

export function runsSection(sessions: readonly WatchedSession[], actions: PanelActions): HTMLElement {
  const all = sessions.flatMap((watched) => (watched.session?.runs ?? []).map((run) => ({ watched, run })));
  const running = all.filter(({ run }) => run.status === 'running').length;
  const items = all.map(({ watched, run }) =>
    item({
      sign: signOf(run.status),
      name: oneLine(run.name, 60),
      title: run.dir,
      act:
        run.status === 'running'
          ? action(t('Cancel'), `cancel ${run.id}`, () =>
              actions.act(watched.link, run.id, { kind: 'cancel' }),
            )
          : action(t('Show'), `show ${run.id}`, () => actions.reveal(watched, run.dir)),
      meter: meter(run),
      sub: [t('%1 of %2 done', run.unitsDone, run.units), ageWords(run.startedAt)],
    }),
  );
  return section(
    t('Runs'),
    running > 0 ? t('%1 running', running) : String(all.length),
    items,
    t('No run in this session yet'),
  );
}

/** Names that are node and number (`node7/gpu0`) are shown whole. */
const leaseWords = (gpus: readonly string[]): string =>
  gpus.length > 0 ? gpus.map((gpu) => oneLine(gpu, gpu.includes('/') ? 40 : 12)).join(' + ') : t('CPU slot');

export function workersSection(sessions: readonly WatchedSession[], actions: PanelActions): HTMLElement {
  const all = sessions.flatMap((watched) =>
    (watched.session?.workers ?? []).map((worker) => ({ watched, worker })),
  );
  const items = all.map(({ watched, worker }) =>
    item({
      sign: signOf(worker.busy ? 'running' : 'queued'),
      name: worker.pid === 0 ? t('Waiting') : leaseWords(worker.gpus),
      title: t('pid %1, of %2', worker.pid, watched.path),
      value: worker.memoryBytes > 0 ? bytes(worker.memoryBytes) : '',
      sub:
        worker.pid === 0
          ? [oneLine(told(worker.busyWith), 80)]
          : [
              worker.busy ? oneLine(told(worker.busyWith), 40) || t('busy') : t('warm, idle'),
              // a GPU that its node numbers has the node in its name
              worker.gpus.length === 0 ? oneLine(worker.node, 40) : '',
              t('pid %1', worker.pid),
            ],
    }),
  );
  const idle = all.filter(({ worker }) => !worker.busy && worker.pid > 0);
  const working = all.filter(({ worker }) => worker.busy).length;
  const holders = [...new Set(idle.map(({ watched }) => watched))];
  if (holders.length > 0) {
    items.push(
      el(
        'li',
        { class: 'fl-panel-last' },
        action(t('Release idle workers and their GPUs'), 'release', () => {
          for (const { link } of holders) actions.act(link, '', { kind: 'releaseWorkers' });
        }),
      ),
    );
  }
  const memory = all.reduce((sum, { worker }) => sum + worker.memoryBytes, 0);
  const note = [t('%1 busy', working), memory > 0 ? bytes(memory) : ''];
  return section(t('Workers and leases'), note.filter(Boolean).join(' · '), items, t('No worker'));
}

function meter({ unitsDone, units, status }: Run): HTMLElement {
  const share = units === 0 ? 0 : (100 * unitsDone) / units;
  return el(
    'span',
    { class: 'fl-panel-meter', attrs: { 'aria-hidden': 'true' } },
    el('i', {
      class: status === 'failed' ? 'fl-bad-bar' : '',
      attrs: { style: `width:${share.toFixed(1)}%` },
    }),
  );
}

/** "2:06 ago". */
function ageWords(startedAt: string): string {
  const started = Date.parse(startedAt);
  return Number.isNaN(started) ? '' : t('%1 ago', formatDuration(Math.max(0, (Date.now() - started) / 1000)));
}
