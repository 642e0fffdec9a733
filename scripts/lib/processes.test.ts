import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { descendants, isAlive, mentioning } from './processes.ts'

describe.skipIf(!existsSync('/proc/self/stat'))('processes', () => {
  it('are found below their parent and by their command line, until they end', async () => {
    const mark = `mark-${process.pid}`
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log(1)', mark])
    await once(child.stdout, 'data')
    const pid = child.pid ?? 0
    expect(descendants(process.pid)).toContain(pid)
    expect(mentioning(mark)).toEqual([pid])
    expect(isAlive(pid)).toBe(true)
    child.kill()
    await once(child, 'exit')
    expect(isAlive(pid)).toBe(false)
    expect(mentioning(mark)).toEqual([])
  })
})
