import { glob, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

/** Below this a packed file saves no packet. */
const worthwhileBytes = 1_000

/** Packs what is built, once and as small as it goes, so that nobody packs it at each request. */
export function precompress(): Plugin {
  let folder = ''
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    async writeBundle() {
      const files = await Array.fromAsync(glob('**/*.{js,css,svg}', { cwd: folder }))
      await Promise.all(files.map((file) => pack(join(folder, file))))
    },
  }
}

async function pack(file: string): Promise<void> {
  const body = await readFile(file)
  if (body.length < worthwhileBytes) return
  const best = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }
  const [br, gz] = await Promise.all([promisify(brotliCompress)(body, best), promisify(gzip)(body, { level: 9 })])
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)])
}
