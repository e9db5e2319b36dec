/** The marks of folds and statuses: the same shapes as in the charts, so that a row's mark is their legend. */
import { SHAPES, type UnitStatus } from 'foldlab/view';
import { FOLD_COLORS } from '../charts/config';

const SVG = 'http://www.w3.org/2000/svg';

/** The charts' named shapes as paths in a box from -1.2 to 1.2. */
const PATHS: Readonly<Record<string, string>> = {
  circle: 'M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0Z',
  square: 'M-.9,-.9H.9V.9H-.9Z',
  'triangle-up': 'M0,-1L1.1,.9H-1.1Z',
  diamond: 'M0,-1.2L1,0L0,1.2L-1,0Z',
  cross: 'M-1.05,-.38H-.38V-1.05H.38V-.38H1.05V.38H.38V1.05H-.38V.38H-1.05Z',
  'triangle-down': 'M0,1L1.1,-.9H-1.1Z',
  'triangle-left': 'M-1,0L.9,-1.1V1.1Z',
  'triangle-right': 'M1,0L-.9,-1.1V1.1Z',
};

/** Strokes, for what happened to a unit. */
const STATUS_PATHS: Readonly<Record<UnitStatus, string>> = {
  done: 'M-.9,.1L-.3,.75L.95,-.7',
  failed: 'M-.75,-.75L.75,.75M.75,-.75L-.75,.75',
  running: 'M0,-.9A.9,.9,0,1,1,-.9,0',
  queued: 'M-.9,0A.9,.9,0,1,1,.9,0A.9,.9,0,1,1,-.9,0Z',
  cancelled: 'M-.8,0H.8',
};

/** The mark of the fold at position `index` of `count` folds. */
export function foldSymbol(index: number, count: number): SVGSVGElement {
  const shape = count > SHAPES.length ? 'circle' : SHAPES[index]!;
  const svg = frame('fl-symbol', PATHS[shape] ?? shape);
  svg.style.fill = count > SHAPES.length ? 'var(--fl-text-2)' : `var(--fl-fold-${index % FOLD_COLORS})`;
  return svg;
}

/** A small sign for a status; decoration, the word stands beside it. */
export function statusSymbol(status: UnitStatus): SVGSVGElement {
  return frame(`fl-symbol fl-sign fl-sign-${status}`, STATUS_PATHS[status]);
}

/** A filled diamond: an ensemble, or a mean of all. */
export function diamond(hollow = false): SVGSVGElement {
  return frame(`fl-symbol ${hollow ? 'fl-hollow' : 'fl-ink'}`, PATHS.diamond!);
}

function frame(name: string, path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', name);
  svg.setAttribute('viewBox', '-1.4 -1.4 2.8 2.8');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}
