// npm run lint: style, format and the types of the tests. The sdk's own types are checked by its build.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { command, main, ROOT, SetupFailure, step } from './steps.mjs';

const require = createRequire(join(ROOT, 'package.json'));
const program = (name, bin) => join(require.resolve(`${name}/package.json`), '..', bin);

/** Throws SetupFailure with the complaints of every checker that has some. */
export async function lint() {
  const checks = {
    eslint: [program('eslint', 'bin/eslint.js'), '.'],
    prettier: [program('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    // the compiler's own path: node_modules/.bin/tsc is the older one inside tslab
    types: [program('typescript', 'bin/tsc'), '-p', 'test/tsconfig.json', '--noEmit'],
  };
  const complaints = [];
  for (const [name, args] of Object.entries(checks)) {
    await step(name, async () => {
      try {
        await command(process.execPath, args);
        return 'clean';
      } catch (error) {
        complaints.push(error.message);
        return 'has complaints';
      }
    });
  }
  if (complaints.length > 0) throw new SetupFailure(complaints.join('\n\n'));
}

if (process.argv[1] && process.argv[1].endsWith('lint.mjs')) await main(lint);
