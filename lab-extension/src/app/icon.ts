/** foldlab's sign: three rows of a grid, one cell filled in each. */
import { LabIcon } from '@jupyterlab/ui-components';

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
  <g class="jp-icon3" fill="#616161">
    <path d="M2 2h12v1H2zM2 13h12v1H2zM2 2h1v12H2zM13 2h1v12h-1zM3 5.5h10v1H3zM3 9.5h10v1H3z"/>
    <path d="M3 3h3.3v2.5H3zM6.3 6.5h3.4v3H6.3zM9.7 10.5H13V13H9.7z"/>
  </g>
</svg>`;

export const icon = new LabIcon({ name: 'foldlab:icon', svgstr: SVG });
