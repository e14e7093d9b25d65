// Tests are TypeScript (transformed by swc); what they import from src/ is the compiled dist/, the very files that ship.
// Tests of indexing are about what is learned from its own files; those of the shipped encoder name their own.
process.env.SANDGLASS_MODELS ??= '';

export default {
  testEnvironment: './test/environment.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: { '^(?:\\.\\./)+src/(.*)\\.ts$': '<rootDir>/dist/$1.js' },
  modulePathIgnorePatterns: ['<rootDir>/dist/.*package.json'],
  testTimeout: 60_000,
};
