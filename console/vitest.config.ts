import react from '@vitejs/plugin-react'
import { defineProject } from 'vitest/config'
import { persistedDocuments } from './build/persisted-documents.ts'

/** Components and what they stand on, in a DOM. Journeys in a browser are the graph's tests (`tests/`). */
export default defineProject({
  root: import.meta.dirname,
  plugins: [react(), persistedDocuments()],
  // As Node resolves: Vite's own choice would be a second copy of graphql, whose instanceof checks fail.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    name: 'console',
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'jsdom',
    setupFiles: ['tests/setup.ts'],
    pool: 'forks',
    isolate: true,
    testTimeout: 30_000,
  },
})
