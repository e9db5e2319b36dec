/** The commands, the launcher's card, the settings and the side panel. Everything but the application is optional. */
import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin,
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator } from '@jupyterlab/translation';
import { t, useTranslator } from '../i18n';
import { SidePanel } from '../panel/sidePanel';
import { COMMANDS, addCommands } from './commands';
import { icon } from './icon';
import { usePreferences } from './preferences';

export const PLUGIN_ID = '@foldlab/lab:plugin';

export const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Commands, launcher card, settings and side panel of foldlab.',
  autoStart: true,
  optional: [ITranslator, ICommandPalette, ILauncher, ISettingRegistry, ILayoutRestorer, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    settings: ISettingRegistry | null,
    restorer: ILayoutRestorer | null,
    labShell: ILabShell | null,
  ) => {
    if (translator) useTranslator(translator);
    addCommands(app);
    const panel = new SidePanel(app);
    app.commands.addCommand(COMMANDS.showPanel, {
      label: t('Show foldlab Sessions and Runs'),
      icon: (args) => (args.isPalette ? undefined : icon),
      execute: () => {
        // Notebook's panels open with the first activation
        app.shell.activateById(panel.id);
      },
    });
    app.shell.add(panel, labShell ? 'left' : 'right', { rank: 600, type: 'foldlab' });
    restorer?.add(panel, panel.id);
    for (const command of Object.values(COMMANDS)) {
      palette?.addItem({ command, category: t('foldlab'), args: { isPalette: true } });
    }
    launcher?.add({
      command: COMMANDS.newNotebook,
      category: t('Notebook'),
      args: { isLauncher: true },
      rank: 1,
    });
    void settings?.load(PLUGIN_ID).then(
      (loaded) => {
        usePreferences(loaded.composite);
        loaded.changed.connect(() => usePreferences(loaded.composite));
      },
      (error: unknown) => console.warn('foldlab: no settings,', (error as Error).message),
    );
  },
};
