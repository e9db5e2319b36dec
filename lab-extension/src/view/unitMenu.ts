/** The menu of one unit. */
import { Menu } from '@lumino/widgets';
import { CommandRegistry } from '@lumino/commands';
import { t } from '../i18n';
import type { Actions, Place, Reach } from './state';

interface Target {
  readonly place: Place;
  readonly running: boolean;
  readonly attempts: readonly number[];
  readonly counts: number;
  readonly reach: Reach;
}

/** Opens it at a point of the window. `onClose` is called once, after an item was chosen or the menu was left. */
export function openUnitMenu(
  actions: Actions,
  target: Target,
  x: number,
  y: number,
  onClose: () => void,
): void {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  menu.addClass('fl-unit-menu');
  const { place, running, reach } = target;
  const item = (
    id: string,
    label: string,
    execute: () => void,
    { enabled = true, key = '' }: { enabled?: boolean; key?: string } = {},
  ): void => {
    commands.addCommand(id, { label, execute, isEnabled: () => enabled });
    // shown beside the label only: the grid listens itself
    if (key) commands.addKeyBinding({ command: id, keys: [key], selector: '.fl-never' });
    menu.addItem({ command: id });
  };
  const live = reach.live;
  item('rerun', t('Re-run'), () => actions.perform({ kind: 'rerun', ...place }), {
    enabled: live && !running,
    key: 'R',
  });
  item('rerun-with', t('Re-run with other parameters…'), () => actions.rerunWith(place), {
    enabled: live && !running,
    key: 'Shift R',
  });
  item('cancel', t('Cancel'), () => actions.perform({ kind: 'cancel', ...place }), {
    enabled: live && running,
    key: 'X',
  });
  menu.addItem({ type: 'separator' });
  item('curves', t('Show curves'), () => (actions.select(place), actions.choose({ tab: 'curves' })), {
    key: 'C',
  });
  item('files', t('Show files'), () => actions.showFiles(place), { enabled: live, key: 'O' });
  item('copy', t('Copy call as code'), () => actions.copyCall(place), { key: 'Y' });
  for (const attempt of target.attempts) {
    if (attempt === target.counts) continue;
    item(
      `use-${attempt}`,
      t('Let attempt %1 count', attempt),
      () => actions.perform({ kind: 'use', ...place, attempt }),
      { enabled: live },
    );
  }
  menu.aboutToClose.connect(() => {
    // after the item's command, which runs when the menu is gone
    window.setTimeout(() => {
      menu.dispose();
      onClose();
    });
  });
  menu.open(x, y);
  // the keyboard begins at the first item that can be chosen
  menu.activateNextItem();
}
