#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
const main = join(__dirname, '..', 'dist', 'cli', 'index.js');
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Cannot start foldlab: Node must be 20.19 or newer; current version is ${process.versions.node}, install a newer one`,
  );
} else if (!existsSync(main)) {
  fail(
    `Cannot start foldlab: ${main} must exist; it does not, run \`npm run build\` in foldlab's repository first`,
  );
} else {
  require(main).main(process.argv);
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
