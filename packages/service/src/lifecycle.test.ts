import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))

// A process of its own: what is tested is how a process ends.
function run(stoppables: string, then = '', echoMs = 500) {
  const script = `
    import { createLogger } from './logging.ts'
    import { runUntilSignal } from './lifecycle.ts'
    const open = setInterval(() => {}, 1000)
    runUntilSignal([${stoppables}], { log: createLogger({ service: 'test', level: 'info' }), deadlineMs: 50, echoMs: ${echoMs} })
    console.log('ready')
    ${then}`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], { cwd: here })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()))
  const until = async (text: string) => {
    while (!output.includes(text)) await once(child.stdout, 'data')
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, output }))
  return { child, until, ended }
}

const stops = (name: string) => `{ name: '${name}', stop: async () => console.log('${name} stopped') }`
const hangs = `{ name: 'stuck', stop: () => { console.log('hanging'); return new Promise(() => {}) } }`

describe('runUntilSignal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stops everything in order on %s and exits 0', async (signal) => {
    const { child, until, ended } = run([stops('http'), stops('database')].join())
    await until('ready')
    child.kill(signal)
    const { code, output } = await ended
    expect(code).toBe(0)
    expect(output.indexOf('http stopped')).toBeGreaterThan(0)
    expect(output.indexOf('database stopped')).toBeGreaterThan(output.indexOf('http stopped'))
  })

  it('leaves behind what hangs or fails, says so, and stops the rest', async () => {
    const throws = `{ name: 'broken', stop: () => { throw new Error('no') } }`
    const { child, until, ended } = run([hangs, throws, stops('database')].join())
    await until('ready')
    child.kill('SIGTERM')
    const { code, output } = await ended
    expect(code).toBe(0)
    expect(output).toContain('"stoppable":"stuck"')
    expect(output).toContain('"stoppable":"broken"')
    expect(output).toContain('database stopped')
  })

  it('exits at once on a second signal', async () => {
    const slow = `{ name: 'slow', stop: () => { console.log('hanging'); return new Promise((r) => setTimeout(r, 40)) } }`
    const { child, until, ended } = run(Array<string>(100).fill(slow).join(), '', 0)
    await until('ready')
    child.kill('SIGINT')
    await until('hanging')
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
  })

  it('takes two signals at once, from npm and from the terminal, for one', async () => {
    const { child, until, ended } = run([stops('http'), stops('database')].join())
    await until('ready')
    child.kill('SIGINT')
    child.kill('SIGTERM')
    const { code, output } = await ended
    expect(code).toBe(0)
    expect(output).toContain('database stopped')
  })

  it('exits 1 when an error comes up while it stops', async () => {
    const fails = `{ name: 'http', stop: () => new Promise((r) => setImmediate(() => { setImmediate(r); throw new Error('late') })) }`
    const { child, until, ended } = run([fails, stops('database')].join())
    await until('ready')
    child.kill('SIGTERM')
    const { code, output } = await ended
    expect(code).toBe(1)
    expect(output).toContain('database stopped')
  })

  it.each([
    ['exception', `setImmediate(() => { throw new Error('nobody') })`],
    ['rejection', `Promise.reject(new Error('nobody'))`],
    ['rejection of no error', `Promise.reject('nobody')`],
  ])('logs an uncaught %s, stops and exits 1', async (_, then) => {
    const { code, output } = await run(stops('database'), then).ended
    expect(code).toBe(1)
    expect(output).toContain('"level":"fatal"')
    expect(output).toContain('nobody')
    expect(output).toContain('database stopped')
  })
})
