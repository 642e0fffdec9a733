import { expect, it } from 'vitest'
import { settings } from './settings.ts'

const gib = 2 ** 30
const cacheOf = (durable: boolean, memory: number) =>
  settings(5432, durable, memory).find((argument) => argument.startsWith('shared_buffers='))

it.each([
  [64 * gib, '1024MB'],
  [2 * gib, '512MB'],
  [gib / 4, '128MB'],
])('on a machine of %d bytes the cache is a quarter of them, within limits: %s', (memory, cache) => {
  expect(cacheOf(true, memory)).toBe(`shared_buffers=${cache}`)
})

it('what lasts is synced, what is thrown away is not, and takes little of any machine', () => {
  expect(settings(5432, true)).not.toContain('fsync=off')
  expect(settings(5432, false)).toEqual(expect.arrayContaining(['fsync=off', 'autovacuum=off']))
  expect(cacheOf(false, 64 * gib)).toBe('shared_buffers=128MB')
})
