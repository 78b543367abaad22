// The API reference of src/index.ts: `npm run docs` writes docs/api. A warning is an error.
import { OptionDefaults } from 'typedoc';

export default {
  name: 'TensorCell',
  entryPoints: ['src/index.ts'],
  tsconfig: 'tsconfig.json',
  out: 'docs/api',
  readme: 'none',
  plugin: ['./scripts/typedoc-methods.mjs'],
  // What a file is for stands in it for those who read the sources.
  blockTags: [...OptionDefaults.blockTags, '@file'],
  excludeTags: ['@file'],
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  hideGenerator: true,
  // `npm run typecheck` does it, with the compiler that the project is written for.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  // Types that only signatures mention need no page of their own.
  validation: { notExported: false },
};
