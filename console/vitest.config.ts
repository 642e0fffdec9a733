import react from '@vitejs/plugin-react'
import { defineProject } from 'vitest/config'
import { persistedDocuments } from './build/persisted-documents.ts'

/** Components and what they stand on, in a DOM. Journeys in a browser are the graph's tests (`tests/`). */
export default defineProject({
  root: import.meta.dirname,
  plugins: [react(), persistedDocuments()],
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
