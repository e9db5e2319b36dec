/** What foldlab keeps on disk: to be seen and to be removed. */
import { oneLine, type DiskEntry } from 'foldlab/view';
import { t } from '../i18n';
import type { KernelLink } from '../live/kernelLink';
import type { WatchedSession } from '../live/sessions';
import { bytes } from './bytes';
import { action, item, section } from './list';
import type { PanelActions } from './sections';

/** Entries listed; the largest come first. */
const LISTED = 8;

/** A place on disk, and the session that can clean it up. */
export interface KeptHere extends DiskEntry {
  readonly watched: WatchedSession;
  readonly link: KernelLink;
}

export function storageSection(sessions: readonly WatchedSession[], actions: PanelActions): HTMLElement {
  const kept = keptBy(sessions);
  const items = kept.slice(0, LISTED).map((entry) =>
    item({
      sign: null,
      name: nameOf(entry),
      title: entry.dir,
      value: bytes(entry.bytes),
      sub: entry.live ? [t('in use')] : [],
      actions: [
        ...(entry.kind === 'run'
          ? [action(t('Show'), `files ${entry.dir}`, () => actions.reveal(entry.watched, entry.dir))]
          : []),
        removeButton(entry, actions),
      ],
    }),
  );
  if (kept.length > LISTED) {
    const rest = kept.slice(LISTED);
    items.push(
      item({
        sign: null,
        name: t('%1 smaller ones', rest.length),
        title: rest.map(({ dir }) => dir).join('\n'),
        value: bytes(sum(rest.map((entry) => entry.bytes))),
        sub: [],
      }),
    );
  }
  return section(t('Disk'), bytes(sum(kept.map((entry) => entry.bytes))), items, t('Nothing on disk'));
}

/** In words, for the question before it is removed. */
export function removalWords({ kind, dir, bytes: size }: DiskEntry): { title: string; words: string[] } {
  if (kind === 'datasets') {
    return {
      title: t('Delete cached data sets?'),
      words: [
        t('%1 in %2.', bytes(size), dir),
        t('A run that needs one computes it again. Those that were used within a day stay.'),
      ],
    };
  }
  return {
    title: t('Delete %1?', lastName(dir)),
    words: [
      t('%1 in %2.', bytes(size), dir),
      t(
        'Models, predictions, logs and the journal go for good. A notebook keeps what it shows, but nothing of the run can be run again or taken up.',
      ),
    ],
  };
}

function removeButton(entry: KeptHere, actions: PanelActions): HTMLButtonElement {
  const button = action(t('Delete…'), `delete ${entry.dir}`, () => actions.remove(entry));
  button.setAttribute('aria-label', t('Delete %1', nameOf(entry)));
  if (entry.live) {
    button.disabled = true;
    button.title = t('A run goes on here');
  }
  return button;
}

/** Two kernels may see the same place: it is listed once, in use where one of them says so. */
function keptBy(sessions: readonly WatchedSession[]): KeptHere[] {
  const all = new Map<string, KeptHere>();
  for (const watched of sessions) {
    // a kernel with an older foldlab says nothing of it
    for (const entry of watched.session?.disk ?? []) {
      const known = all.get(entry.dir);
      const live = entry.live || (known?.live ?? false);
      all.set(entry.dir, { ...(known ?? { ...entry, watched, link: watched.link }), live });
    }
  }
  return [...all.values()].filter(({ bytes: size }) => size > 0).sort((a, b) => b.bytes - a.bytes);
}

const lastName = (dir: string): string => oneLine(dir.split(/[/\\]/).at(-1)!, 40);
const nameOf = ({ kind, dir }: DiskEntry): string =>
  kind === 'datasets' ? t('cached data sets') : lastName(dir);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
