/**
 * foldlab in JupyterLab and Notebook.
 *
 * @packageDocumentation
 */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { live } from './app/livePlugin';
import { plugin } from './app/plugin';

const plugins: JupyterFrontEndPlugin<unknown>[] = [live, plugin];

export default plugins;
