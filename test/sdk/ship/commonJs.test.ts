import { expect, it } from 'vitest';
import { commonJsExports } from '../../../sdk/src/ship/commonJs.js';

it.each<[string, string[], boolean]>([
  ['exports.trainFunc = () => 1;', ['trainFunc'], false],
  ['exports.a = exports.b = void 0; exports.a = () => exports.b;', ['b', 'a'], false],
  ['module.exports.a = 1; module["exports"].c = 2;', ['a', 'c'], false],
  ['const { a } = require("./a"); module.exports = { a, "b": 1, c() {} };', ['a', 'b', 'c'], false],
  ['Object.defineProperty(exports, "__esModule", { value: true }); exports.default = f;', ['default'], false],
  ['Object.defineProperty(exports, "a", { get: () => 1 });', ['a'], false],
  ['module.exports = async (c) => c;', [], true],
  ['module.exports = exports = { a: 1 };', [], true],
  ['module.exports = { a: 1, ...others };', ['a'], true],
  ['exports[name] = 1;', [], true],
  ['__exportStar(require("./a"), exports);', [], true],
  ['#!/usr/bin/env node\nconst a = 1;', [], false],
])('of %s', (code, names, open) => {
  expect(commonJsExports(code)).toEqual({ names, open });
});
