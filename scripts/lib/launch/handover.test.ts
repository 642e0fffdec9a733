import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handOver } from './handover.mjs'

let folder: string
let entry: string
const write = (code: string) => writeFileSync(entry, code)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-'))
  entry = join(folder, 'entry.ts')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A launcher of its own: handing over listens to the signals of the whole process. */
function launch() {
  const script = `
    import { handOver } from ${JSON.stringify(new URL('handover.mjs', import.meta.url).href)}
    process.exitCode = await handOver(${JSON.stringify(entry)}, [], '/')`
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
}

describe('handing over', () => {
  it('passes the exit code, the arguments and the user’s folder on', async () => {
    write(`process.exit(process.env['QUIMBI_CWD'] === '/somewhere' && process.argv[2] === '--help' ? 7 : 1)`)
    expect(await handOver(entry, ['--help'], '/somewhere')).toBe(7)
  })

  it('tells by which signal the entry ended', async () => {
    write(`process.kill(process.pid, 'SIGKILL')`)
    expect(await handOver(entry, [], '/')).toBe(137)
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('forwards %s and waits for the entry to stop', async (signal) => {
    write(`
      process.on('${signal}', () => setTimeout(() => { console.log('drained'); process.exit(0) }, 50))
      setInterval(() => {}, 1000)
      console.log('ready')`)
    const launcher = launch()
    let said = ''
    launcher.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await once(launcher.stdout, 'data')
    launcher.kill(signal)
    expect(await once(launcher, 'close')).toEqual([0, null])
    expect(said).toBe('ready\ndrained\n')
  })
})
