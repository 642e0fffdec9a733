import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../peers/', import.meta.url)

/** Installs the other gateways where they are missing, from their lock; why they cannot be had, or null. */
export async function installPeers(log: (line: string) => void): Promise<string | null> {
  if (existsSync(new URL('node_modules/.package-lock.json', folder))) return null
  log('installing the other gateways into bench/peers (npm ci), once')
  const installing = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: fileURLToPath(folder),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  installing.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = await once(installing, 'exit').catch((error: unknown) => [String(error)])
  if (ended[0] === 0) return null
  const reason =
    said.split('\n').find((line) => line.startsWith('npm error')) ?? `npm ci ended with ${String(ended[0])}`
  return reason.slice(0, 200)
}
