import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { committedVersions } from './history.ts'

let root: string
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', ...args], {
    cwd: root,
    stdio: 'pipe',
  })
const commit = (text: string) => {
  writeFileSync(join(root, 'api.graphql'), text)
  git('add', '.')
  git('commit', '-m', text)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'history-'))
})
afterEach(() => rmSync(root, { recursive: true }))

describe('the committed versions of a file', () => {
  it('come newest first, no more than asked for', () => {
    git('init')
    for (const text of ['one', 'two', 'three']) commit(text)
    const { versions, gaps } = committedVersions(root, 'api.graphql', 2)
    expect(versions.map(({ text }) => text)).toEqual(['three', 'two'])
    expect(gaps).toEqual([])
  })

  it('are the branch’s own, not those of what was merged into it', () => {
    git('init', '-b', 'main')
    commit('one')
    for (const branch of ['side', 'other']) {
      git('switch', '-c', branch, 'main')
      commit(branch)
    }
    git('switch', 'main')
    git('merge', '--no-ff', 'side')
    git('merge', '--no-ff', '-X', 'theirs', 'other')
    const { versions } = committedVersions(root, 'api.graphql', 9)
    expect(versions.map(({ text }) => text)).toEqual(['other', 'side', 'one'])
  })

  it('say so when there is no repository', () => {
    expect(committedVersions(root, 'api.graphql', 2).gaps).toEqual([expect.stringContaining('not a git repository')])
  })

  it('say so when there is no commit yet', () => {
    git('init')
    expect(committedVersions(root, 'api.graphql', 2).gaps).toEqual([expect.stringContaining('no commit yet')])
  })

  it('say so when the clone is shallow', () => {
    git('init')
    for (const text of ['one', 'two']) commit(text)
    git('clone', '--depth', '1', pathToFileURL(root).href, 'clone')
    const { versions, gaps } = committedVersions(join(root, 'clone'), 'api.graphql', 20)
    expect(versions.map(({ text }) => text)).toEqual(['two'])
    expect(gaps).toEqual([expect.stringContaining('shallow')])
  })
})
