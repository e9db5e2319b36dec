// Style and the module boundaries: a pure core, effects that never import each other, run.ts and session.ts on top.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What each part of sdk/src may import, beside itself. The order is the architecture's one direction. */
const allowed = {
  contract: [],
  plan: ['contract', 'errors'],
  metrics: ['contract', 'errors', 'stats'],
  stats: ['contract', 'errors'],
  ensemble: ['contract', 'errors', 'metrics'],
  view: [],
  schedule: ['contract', 'errors', 'plan'],
  ship: ['contract', 'errors', 'plan'],
  workers: ['contract', 'errors', 'schedule'],
  store: ['contract', 'errors', 'plan'],
  backends: ['contract', 'errors'],
  // beside backends, whose TensorFlow it runs on; nothing of the run imports it
  tf: ['contract', 'errors', 'backends'],
  // a bucket where workers leave files that do not see the run's directory
  storage: ['contract', 'errors'],
  // beside workers, whose lease they carry to other machines
  engines: ['contract', 'errors', 'schedule', 'workers', 'storage'],
  notebook: ['contract', 'errors', 'view'],
  // what a worker does: the one place, beside run.ts, where effects meet
  jobs: [
    'contract',
    'errors',
    'plan',
    'metrics',
    'ensemble',
    'stats',
    'store',
    'storage',
    'ship',
    'backends',
  ],
};

/** Views run in a browser, and what they may use must too. */
const browserSafe = ['view', 'stats', 'metrics'];
const pure = ['plan', 'metrics', 'stats', 'ensemble', 'view', 'schedule'];
const effectful = [
  'node:fs',
  'node:fs/promises',
  'node:child_process',
  'node:net',
  'node:process',
  'node:worker_threads',
  'node:inspector',
];

/** Folders inside a part lie at most this deep. */
const DEEPEST = 3;

/** The rule for the files of a part that lie `depth` folders inside it: there, as many `../` stay in the part. */
const boundary = (part, depth) => ({
  files: [`sdk/src/${part}/${'*/'.repeat(depth)}*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\./)?(\\.\\./){${depth + 1}}(?!(${[part, ...allowed[part]].join('|')})(/|\\.js$))`,
            message: `${part} may import only ${['itself', ...allowed[part]].join(', ')} (see docs/architecture.md)`,
          },
          ...(browserSafe.includes(part)
            ? [{ regex: '^node:', message: `${part} must run in a browser` }]
            : []),
        ],
        ...(pure.includes(part) && !browserSafe.includes(part)
          ? { paths: effectful.map((name) => ({ name, message: `${part} is pure: pass the effect in` })) }
          : {}),
      },
    ],
  },
});

const nodeGlobals = [
  'process',
  'console',
  'Buffer',
  'URL',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'require',
  'module',
  'exports',
  '__dirname',
  '__filename',
  'performance',
  'structuredClone',
  'AbortController',
];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '**/dist',
      'lab-extension/lib',
      'lab-extension/labextension',
      '**/out',
      '**/runs',
      '.venv*',
      '.cache',
      '**/.ipynb_checkpoints',
      'test/**/fixtures/**',
    ],
  },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    rules: {
      // cells and user functions are not strictly typed; `any` marks exactly those places
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['lab-extension/src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^foldlab(?!/view$)|/sdk/',
              message: 'the extension may import only foldlab/view of foldlab (see docs/architecture.md)',
            },
          ],
        },
      ],
    },
  },
  ...Object.keys(allowed).flatMap((part) =>
    Array.from({ length: DEEPEST + 1 }, (_, depth) => boundary(part, depth)),
  ),
);
