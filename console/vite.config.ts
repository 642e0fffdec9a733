import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { persistedDocuments } from './build/persisted-documents.ts'

const gateway = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), persistedDocuments()],
  build: { outDir: 'dist', target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 700 },
  // `npm run console`: the app with hot reload, asking a gateway that runs.
  server: { proxy: { '/graphql': { target: gateway, ws: true }, '/files': gateway, '/uploads': gateway } },
})
