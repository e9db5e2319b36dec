/**
 * foldlab in JupyterLab and Notebook.
 *
 * @packageDocumentation
 */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { live } from './plugin';

const plugins: JupyterFrontEndPlugin<unknown>[] = [live];

export default plugins;
