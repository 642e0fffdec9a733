import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deduplicate, expand } from './representations.ts'

const representation = fc.record({ __typename: fc.constant('Customer'), id: fc.constantFrom('a', 'b', 'c', 'd') })

describe('deduplicate', () => {
  it('asks for every entity once and answers every place as if each had been asked for', () => {
    fc.assert(
      fc.property(fc.array(representation, { maxLength: 30 }), (representations) => {
        const answer = (asked: readonly unknown[]) => ({ data: { _entities: asked.map((of) => ({ of })) } })
        const deduplicated = deduplicate(representations)
        const asked = deduplicated?.distinct ?? representations
        expect(new Set(asked.map((of) => JSON.stringify(of))).size).toBe(asked.length)
        const result = answer(asked)
        expect(deduplicated ? expand(result, deduplicated) : result).toEqual(answer(representations))
      }),
    )
  })

  it('leaves representations alone that are all different', () => {
    expect(deduplicate([{ id: 'a' }, { id: 'b' }])).toBeNull()
  })
})

describe('expand', () => {
  const twice = { distinct: [{ id: 'a' }, { id: 'b' }], places: [0, 1, 0] }

  it('gives an entity’s error to each of its places and leaves others as they are', () => {
    const errors = [
      { message: 'no', path: ['_entities', 0, 'behavior'] },
      { message: 'elsewhere', path: ['other'] },
      { message: 'nowhere' },
    ]
    expect(expand({ data: { _entities: [null, { id: 'b' }] }, errors }, twice)).toEqual({
      data: { _entities: [null, { id: 'b' }, null] },
      errors: [
        { message: 'no', path: ['_entities', 0, 'behavior'] },
        { message: 'no', path: ['_entities', 2, 'behavior'] },
        { message: 'elsewhere', path: ['other'] },
        { message: 'nowhere' },
      ],
    })
  })

  it('does not let two places share one object', () => {
    const { data } = expand({ data: { _entities: [{ list: [] }, {}] } }, twice)
    const [first, , third] = data?.['_entities'] as { list: unknown[] }[]
    expect(first).toEqual(third)
    expect(first?.list).not.toBe(third?.list)
  })

  it('keeps an answer without data', () => {
    expect(expand({ data: null, errors: [{ message: 'no' }] }, twice)).toEqual({
      data: null,
      errors: [{ message: 'no' }],
    })
  })
})
