import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Two processes: each file has databases of its own, and what it leaves open fails it (setup). The files of a process share its modules, as
    // loading them anew was a fourth of the time; but not where coverage is counted, which grows with all that a process ever ran.
    maxWorkers: 2,
    silent: 'passed-only',
    projects: [
      {
        extends: true,
        // As Node resolves: Vite's own choice would be a second copy of graphql, whose instanceof checks fail.
        resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
        test: {
          name: 'graph',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/generated/**', '.data/**', 'console/src/**'],
          globalSetup: ['packages/testing/src/global-setup.ts'],
          setupFiles: ['packages/testing/src/setup.ts'],
          pool: 'forks',
          isolate: process.argv.some((argument) => argument.startsWith('--coverage') && !argument.endsWith('=false')),
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      'console/vitest.config.ts',
    ],
    // Node's own fetch throws this where a server hangs up on an answer that nobody reads: of the tests' clients, and in no test's hand.
    onUnhandledError: ({ message, stack }) =>
      !(message.includes('assert(!this.paused)') && stack?.includes('node:internal/deps/undici')),
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
