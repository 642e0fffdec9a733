import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filesBelow, hashFiles, hasStamp, writeStamp } from './stamp.mjs'

let root: string
const put = (path: string, text: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stamp-'))
})
afterEach(() => rmSync(root, { recursive: true }))

describe('the hash of inputs', () => {
  const hash = (more: string[] = []) => hashFiles(root, [join(root, 'a'), join(root, 'b')], more)

  it('changes with a content, with a file that appears and with anything else named', () => {
    put('a', '1')
    const seen = [hash(), hash(['linux'])]
    put('b', '')
    seen.push(hash())
    put('a', '2')
    seen.push(hash())
    expect(new Set(seen).size).toBe(4)
  })

  it('does not depend on the order of the files', () => {
    put('a', '1')
    expect(hashFiles(root, [join(root, 'b'), join(root, 'a')])).toBe(hash())
  })
})

describe('files below a folder', () => {
  it('leave out packages and generated code', () => {
    for (const path of ['x/a.graphql', 'x/node_modules/b.graphql', 'generated/c.graphql', 'x/d.ts']) put(path, '')
    expect(filesBelow(root, (name) => name.endsWith('.graphql'))).toEqual([join(root, 'x/a.graphql')])
  })

  it('are none when there is no folder', () => {
    expect(filesBelow(join(root, 'nowhere'), () => true)).toEqual([])
  })
})

describe('a stamp', () => {
  it('is there once written, in a folder that need not exist', () => {
    const file = join(root, 'new/stamp')
    expect(hasStamp(file, 'abc')).toBe(false)
    writeStamp(file, 'abc')
    expect(hasStamp(file, 'abc')).toBe(true)
    expect(hasStamp(file, 'abd')).toBe(false)
  })
})
