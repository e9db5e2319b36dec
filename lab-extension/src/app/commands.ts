/** The commands of the palette and the menus. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { KernelSpec } from '@jupyterlab/services';
import { t } from '../i18n';
import { currentOutput } from '../output/current';
import { icon } from './icon';

export const COMMANDS = {
  showPanel: 'foldlab:show-panel',
  newNotebook: 'foldlab:new-notebook',
  focusRun: 'foldlab:focus-run',
  rerunUnit: 'foldlab:rerun-unit',
  cancelRun: 'foldlab:cancel-run',
  copyTable: 'foldlab:copy-table',
} as const;

/** Adds all but `showPanel`, which belongs to the panel. */
export function addCommands(app: JupyterFrontEnd): void {
  const { commands, serviceManager, shell } = app;
  const current = () => currentOutput(shell.currentWidget?.node ?? null);
  commands.addCommand(COMMANDS.newNotebook, {
    label: (args) => (args.isLauncher ? t('foldlab') : t('New foldlab Notebook')),
    caption: t('Create a TypeScript notebook with the foldlab kernel'),
    icon: (args) => (args.isPalette ? undefined : icon),
    execute: (args) => {
      const kernel = foldlabKernel(serviceManager.kernelspecs.specs);
      if (kernel === null) {
        throw new Error(t('There is no foldlab kernel: run "npx foldlab kernel install --user"'));
      }
      return commands.execute('notebook:create-new', {
        kernelName: kernel,
        cwd: args.cwd ?? '',
        activate: true,
      });
    },
  });
  commands.addCommand(COMMANDS.focusRun, {
    label: t('Go to the Grid of the Run'),
    isEnabled: () => current() !== null,
    execute: () => current()?.focusGrid(),
  });
  commands.addCommand(COMMANDS.rerunUnit, {
    label: t('Re-run the Selected Unit'),
    isEnabled: () => current()?.canRerun() ?? false,
    execute: () => current()?.rerunSelected(),
  });
  commands.addCommand(COMMANDS.cancelRun, {
    label: t('Cancel the Run'),
    isEnabled: () => current()?.canCancel() ?? false,
    execute: () => current()?.cancelRun(),
  });
  commands.addCommand(COMMANDS.copyTable, {
    label: t('Copy the Run as Markdown'),
    isEnabled: () => current() !== null,
    execute: () => current()?.copyTable(),
  });
}

/** The name of the kernel that `foldlab kernel install` made; null where there is none. */
export function foldlabKernel(specs: KernelSpec.ISpecModels | null): string | null {
  for (const [name, spec] of Object.entries(specs?.kernelspecs ?? {})) {
    if (spec !== undefined && spec.metadata && Object.hasOwn(spec.metadata, 'foldlab')) return name;
  }
  return null;
}
