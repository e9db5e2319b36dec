/** Draws a vega-lite specification as SVG, in this process, without a browser. */

import type * as Vega from 'vega';
import type * as VegaLite from 'vega-lite';
import { textWidth } from './textWidth.js';

/** vega's own way to measure a text; its types leave it out. */
interface TextMetrics {
  width(item: { fontSize?: number }, text: unknown): number;
}

const refused = (): Promise<never> =>
  Promise.reject(new Error('Cannot load anything for a picture: its data must be in its specification'));

/** Neither the network nor the disk. */
const noLoader = { load: refused, sanitize: refused, http: refused, file: refused };

// Imported on the first drawing: about 0.25 s that a run without a picture need not pay. `import()` and not `require`,
// because vega's modules await at their top level.
let engine: Promise<readonly [typeof Vega, typeof VegaLite]> | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * The picture of a specification. The same specification gives the same text, whatever was drawn before.
 *
 * @param spec a vega-lite specification with its data inline
 * @throws what vega-lite or vega say of a specification they cannot draw
 */
export function drawSvg(spec: object): Promise<string> {
  // one after the other: the ids of definitions and the measure of texts are vega's process-wide state
  const drawn = last.then(() => draw(spec));
  last = drawn.catch(() => undefined);
  return drawn;
}

async function draw(spec: object): Promise<string> {
  engine ??= Promise.all([import('vega'), import('vega-lite')]);
  const [vega, vegaLite] = await engine;
  const quiet = vega.logger(vega.Error);
  const compiled = vegaLite.compile(spec as never, { logger: quiet as never });
  const metrics = (vega as unknown as { textMetrics: TextMetrics }).textMetrics;
  const before = metrics.width;
  const view = new vega.View(vega.parse(compiled.spec), {
    renderer: 'none',
    logger: quiet,
    loader: noLoader as never,
  });
  try {
    // without a canvas vega takes 0.8 em for every character, which leaves a wide empty margin
    metrics.width = (item, text) =>
      textWidth(String(Array.isArray(text) ? text[0] : (text ?? '')), item.fontSize ?? 11);
    vega.resetSVGDefIds();
    return await view.toSVG();
  } finally {
    metrics.width = before;
    view.finalize();
  }
}
