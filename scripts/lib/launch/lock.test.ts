import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withLock } from './lock.mjs'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
  file = join(folder, 'setup.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the set-up lock', () => {
  it('is there while the work runs and gone afterwards', async () => {
    expect(await withLock(file, () => Promise.resolve(existsSync(file)))).toBe(true)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is released when the work fails', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network')
    expect(existsSync(file)).toBe(false)
  })

  it('is taken over from a process that is gone', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    writeFileSync(file, JSON.stringify({ pid: dead, started: '1' }))
    expect(await withLock(file, () => Promise.resolve('ran'))).toBe('ran')
  })

  it('is taken over when its process id now belongs to another process', async () => {
    writeFileSync(file, JSON.stringify({ pid: process.ppid, started: 'long ago' }))
    expect(await withLock(file, () => Promise.resolve('ran'))).toBe('ran')
  })

  it('is taken over when it is not readable as one', async () => {
    writeFileSync(file, '{')
    expect(await withLock(file, () => Promise.resolve('ran'))).toBe('ran')
  })

  it('lets one process in at a time, whatever they start from', async () => {
    const log = join(folder, 'log')
    writeFileSync(log, '')
    writeFileSync(file, JSON.stringify({ pid: spawnSync(process.execPath, ['-e', '']).pid, started: '1' }))
    const script = `
      import { appendFileSync } from 'node:fs'
      import { withLock } from ${JSON.stringify(new URL('lock.mjs', import.meta.url).href)}
      await withLock(${JSON.stringify(file)}, async () => {
        appendFileSync(${JSON.stringify(log)}, 'in\\n')
        await new Promise((resolve) => setTimeout(resolve, 20))
        appendFileSync(${JSON.stringify(log)}, 'out\\n')
      }, () => {})`
    const codes = await Promise.all(
      Array.from({ length: 4 }, () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
        return new Promise((resolve) => child.on('exit', resolve))
      }),
    )
    expect(codes).toEqual([0, 0, 0, 0])
    expect(readFileSync(log, 'utf8')).toBe('in\nout\n'.repeat(4))
  })
})
