import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { ownKeys } from './infra/lint/own-keys.mjs';

/** The domain decides from what comes in with the command, and from nothing else (ARCHITECTURE.md, rule 3). */
const pureDomain = {
  files: ['libs/domain/src/**/*.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^(?!\\.{1,2}(/|$)|uuid$)',
            message: 'The domain imports nothing but itself and uuid.',
          },
        ],
      },
    ],
    'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch', 'crypto', 'performance'],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'Time comes in with the command.' },
      { object: 'Math', property: 'random', message: 'Random values come in with the command.' },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time comes in with the command.' },
      { selector: 'Identifier[name="randomUUID"]', message: 'Ids come in with the command.' },
    ],
  },
};

const FACADES_DO_NOT_EXECUTE = 'A façade gives commands to the application and asks its queries.';

export default tseslint.config(
  { ignores: ['dist/**', 'dist.new/**', 'node_modules/**', 'coverage/**', '**/*.cjs', '**/*.mjs'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { cairn: { rules: { 'own-keys': ownKeys } } },
    rules: {
      'cairn/own-keys': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Options of NestJS and rows of TypeORM are classes in name only: plain objects are what they are made from.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70 }],
    },
  },
  // Dependency injection by type and validation by decorators need classes at run time, not only as types.
  { files: ['apps/controller/src/**/*.ts'], rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
  {
    files: ['apps/controller/src/api/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'class-validator',
              importNames: ['Length', 'MaxLength', 'MinLength', 'Matches'],
              message: 'Text is bounded by the rules of api/http/text-rules.ts, in characters.',
            },
          ],
          patterns: [
            { regex: '/application/core$', importNames: ['EXECUTOR'], message: FACADES_DO_NOT_EXECUTE },
            { regex: '/runtime/ports$', importNames: ['Executor'], message: FACADES_DO_NOT_EXECUTE },
          ],
        },
      ],
    },
  },
  // Rows are values without methods; they are classes for the sake of TypeORM's decorators only.
  { files: ['libs/projections/**/*.ts'], rules: { '@typescript-eslint/no-misused-spread': 'off' } },
  // A suite is one long callback; what it tests stays short.
  { files: ['**/*.spec.ts', '**/*.contract.ts'], rules: { 'max-lines-per-function': 'off' } },
  // No user chooses a key there.
  {
    files: ['**/*.spec.ts', '**/*.contract.ts', '**/testing/**', '**/bench/**', 'test/**'],
    rules: { 'cairn/own-keys': 'off' },
  },
  { ...pureDomain, ignores: ['**/*.spec.ts', '**/testing/**'] },
  {
    files: ['libs/domain/src/ids/index.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!uuid$|node:crypto$)', message: 'Ids are made with uuid and a hash.' },
            {
              regex: '^node:crypto$',
              allowImportNames: ['hash'],
              message: 'The hash is a pure function, the rest is not.',
            },
          ],
        },
      ],
    },
  },
  prettier,
);
