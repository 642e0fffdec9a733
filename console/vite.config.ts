import { noncePlaceholder } from '@quimbi/gateway/console/policy.ts'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'
import { persistedDocuments } from './build/persisted-documents.ts'
import { precompress } from './build/precompress.ts'
import { strictStyles } from './build/strict-styles.ts'

const gateway = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000'

/**
 * What the first paint needs comes in two files, packed the better for it: libraries, which browsers keep from release to release, and our own.
 * All else is loaded with the page that needs it.
 */
const firstLoad = [
  { name: 'libraries', tags: ['$initial' as const], test: /node_modules/, priority: 2 },
  { name: 'console', tags: ['$initial' as const], priority: 1 },
]

export default defineConfig(({ command }) => ({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), persistedDocuments(), strictStyles(), precompress()],
  ...(command === 'build' && { html: { cspNonce: noncePlaceholder } }),
  // Libraries as they were written: rxjs else comes as for browsers of ten years ago, with what those lack.
  resolve: { conditions: ['es2015', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    target: 'es2023',
    assetsInlineLimit: 0,
    // Every browser that understands `target` preloads by itself.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: firstLoad } } },
  },
  // `npm run console`: the app with hot reload, asking a gateway that runs.
  server: { proxy: { '/graphql': { target: gateway, ws: true }, '/files': gateway, '/uploads': gateway } },
}))
