import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './root.ts'

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
/** Commands for people. `npm test` hands its arguments to the test runner, which has a help of its own. */
const commands = Object.entries(scripts).flatMap(([name, command]) => {
  const [, entry] = / scripts\/launch\.mjs (\S+)$/.exec(command) ?? []
  return entry && name !== 'test' ? [{ name, entry }] : []
})

describe('npm run …', () => {
  it.each(commands)('$name says how it is used, and does nothing else', { timeout: 60_000 }, ({ name, entry }) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, entry), '--help'], {
      cwd: root,
      encoding: 'utf8',
      timeout: 50_000,
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n')[0]).toMatch(new RegExp(`^npm (run )?${name}\\b`))
  })

  it('bench names every benchmark in the README', () => {
    const { stdout } = spawnSync(process.execPath, [join(root, 'bench/run.ts'), '--help'], { encoding: 'utf8' })
    const [, listed = ''] = /one of (.*)/.exec(stdout) ?? []
    const told = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^npm run bench -- (\w+)/gm)]
    expect(new Set(told.map(([, name]) => name))).toEqual(new Set(listed.split(', ')))
  })
})
