import { defineConfig } from 'vitest/config';

const unit = ['test/sdk/**/*.test.ts', 'test/lab-extension/**/*.test.ts', 'test/conformance/**/*.test.ts'];

/** Two projects: quick unit tests in parallel, and tests of real processes one file at a time. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: unit, testTimeout: 20_000 } },
      {
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: [...unit, '**/node_modules/**'],
          fileParallelism: false,
          // real kernels, browsers and clusters on a busy machine; who needed it is named at the end
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
