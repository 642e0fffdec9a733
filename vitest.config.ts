import { defineConfig } from 'vitest/config'

export default defineConfig({
  // As Node resolves: Vite's own choice would be a second copy of graphql, whose instanceof checks fail.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/generated/**', '.data/**'],
    globalSetup: ['packages/testing/src/global-setup.ts'],
    setupFiles: ['packages/testing/src/setup.ts'],
    // Three processes for two cores, as much of a test is waiting: every one of them has its own databases and its own `process`, so that signals and handles can be tested.
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
    coverage: {
      provider: 'v8',
      include: ['{gateway,subgraphs/*,packages/*}/src/**/*.ts', 'scripts/lib/**/*.{ts,mjs}'],
      exclude: ['**/*.test.ts', '**/generated/**'],
      reporter: ['text-summary', 'json-summary'],
      reportOnFailure: true,
      thresholds: { lines: 80 },
    },
  },
})
