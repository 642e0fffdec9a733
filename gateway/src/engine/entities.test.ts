import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePaths, copy, merge, pathsAt, type Entity } from './entities.ts'

const parse = (text: string) => JSON.parse(text) as Entity

describe('merge', () => {
  it('joins objects and lists of one length, replaces all else, and leaves what is undefined', () => {
    const target = { a: { x: 1 }, list: [{ x: 1 }, null, 3], other: [1], kept: 1 }
    merge(target, { a: { y: 2 }, list: [{ y: 2 }, { z: 3 }, 4], other: [1, 2], kept: undefined, fresh: null })
    expect(target).toEqual({
      a: { x: 1, y: 2 },
      list: [{ x: 1, y: 2 }, { z: 3 }, 4],
      other: [1, 2],
      kept: 1,
      fresh: null,
    })
  })

  it('refuses an object where a plain value stands', () => {
    expect(() => merge({ a: 'text' }, { a: { b: 1 } })).toThrow('an object where another answer has a plain value')
  })

  it('takes inherited names for names, and reaches nothing by them', () => {
    const target: Entity = {}
    merge(target, parse('{"__proto__":{"polluted":1},"constructor":{"polluted":1}}'))
    expect(JSON.stringify(target)).toBe('{"__proto__":{"polluted":1},"constructor":{"polluted":1}}')
    expect({}).not.toHaveProperty('polluted')
    expect(Object).not.toHaveProperty('polluted')
  })
})

describe('copy', () => {
  it('equals any JSON and shares nothing with it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(copy(value))).toBe(JSON.stringify(value))
      }),
    )
    const original = { a: [{ b: 1 }] }
    const copied = copy(original)
    original.a[0] = { b: 2 }
    expect(copied).toEqual({ a: [{ b: 1 }] })
  })
})

describe('entities of an answer', () => {
  const entitiesAt = (from: Entity, ...paths: string[][]) => compilePaths(paths)(from)
  const shared = { id: 'shared' }
  const root: Entity = { list: [[{ id: 'a' }, null], null, [shared, 'text']], one: { of: shared } }

  it('are found through lists, without nulls and what is no object', () => {
    expect(entitiesAt(root, ['list', '@', '@'])).toEqual([{ id: 'a' }, shared])
    expect(entitiesAt(root, ['one', 'of'])).toEqual([shared])
    expect(entitiesAt(root, [])).toEqual([root])
    expect(entitiesAt(root, ['one', '@'])).toEqual([])
    expect(entitiesAt(root, ['missing', 'of'])).toEqual([])
  })

  it('are told where they stand, each place of a shared one', () => {
    const twice: Entity = { list: [shared, { id: 'a' }, shared] }
    expect(pathsAt(twice, [['list', '@']]).get(shared)).toEqual([
      ['list', 0],
      ['list', 2],
    ])
    expect([...pathsAt(root, [['list', '@', '@']]).values()]).toEqual([[['list', 0, 0]], [['list', 2, 0]]])
  })
})
