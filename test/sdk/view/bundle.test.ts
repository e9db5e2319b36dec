import { expect, test } from 'vitest';
import { runBundle } from '../../../sdk/src/view/bundle.js';
import { RUN_MIME_TYPE } from '../../../sdk/src/view/model.js';
import { runTable } from '../../../sdk/src/view/table.js';
import { doneModel, freshModel, runningModel } from './models.js';

test('runBundle has the same types at every stage, with and without a drawn picture', () => {
  const types = Object.keys(runBundle(doneModel(), { svg: '<svg/>' }));
  expect(types).toEqual([RUN_MIME_TYPE, 'application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain']);
  for (const model of [freshModel(), runningModel()]) expect(Object.keys(runBundle(model))).toEqual(types);
});

test('runBundle carries the model itself and its table', () => {
  const bundle = runBundle(doneModel(), { svg: '<svg>drawn</svg>' });
  expect(bundle[RUN_MIME_TYPE]).toEqual(doneModel());
  expect(bundle['text/plain']).toBe(runTable(doneModel()));
  expect(bundle['image/svg+xml']).toBe('<svg>drawn</svg>');
});

test('runBundle survives JSON', () => {
  const bundle = runBundle(runningModel());
  expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle);
});

test('runBundle stands in for the picture with the table, escaped', () => {
  const svg = runBundle(doneModel({ name: '<script>"&' }))['image/svg+xml'] as string;
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).toContain('0.9728');
  expect(svg).toContain('&lt;script&gt;&quot;&amp;');
  expect(svg).not.toContain('<script');
});
