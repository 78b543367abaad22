import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The floors of src/, lowest first: a folder may import only from itself and from floors before it. */
const floors = [
  ['tensor'],
  ['primitives'],
  ['engine'],
  ['tracing'],
  ['autodiff'],
  ['function'],
  ['ragged'],
  ['symbolic'],
  ['ops'],
  ['serialization'],
  ['initializers', 'activations', 'regularizers', 'constraints', 'losses', 'metrics', 'optimizers'],
  ['layers'],
  ['vis'],
  ['summary'],
  ['callbacks'],
  ['models', 'training'],
  ['io'],
];
const upward = floors.flatMap((names, level) =>
  names.map((name) => ({
    target: `./src/${name}`,
    from: floors.slice(level + 1).flatMap((above) => above.map((folder) => `./src/${folder}`)),
    message: 'A floor of src/ imports only from the floors below it (ARCHITECTURE.md).',
  })),
);

export default tseslint.config(
  { ignores: ['dist/', '**/node_modules/', 'test/fixtures/', 'test/lab/build/'] },
  tseslint.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js'] } } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      // Hooks and defaults that a subclass overrides name their arguments for it.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-empty-object-type': 'off',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...upward.flatMap(({ from, ...zone }) => from.map((folder) => ({ ...zone, from: folder }))),
            { target: './src', from: './kernel', message: 'src/ never imports kernel/.' },
            {
              target: './kernel',
              from: './src',
              except: ['./index.ts', './display.ts'],
              message: 'kernel/ knows src/ only through its public exports and the display protocol.',
            },
          ],
        },
      ],
    },
  },
);
