import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditionsOf, flatOf, operators, type Flat } from './model.ts'

const leaf = fc
  .record({ field: fc.constantFrom('priority', 'tags'), op: fc.constantFrom(...operators), value: fc.string() })
  .map(({ field, op, value }) =>
    op === 'exists' || op === 'missing' || op === 'changed' ? { field, op } : { field, op, value },
  )
const flat: fc.Arbitrary<Flat> = fc
  .record({ match: fc.constantFrom('all' as const, 'any' as const), leaves: fc.array(leaf, { maxLength: 5 }) })
  .map(({ match, leaves }) => ({ match: leaves.length === 0 ? 'all' : match, leaves }))

describe('conditions as a list', () => {
  it('come back as they were sent', () => {
    fc.assert(
      fc.property(flat, (one) => {
        expect(flatOf(conditionsOf(one))).toEqual(one)
      }),
    )
  })

  it('are a list of one where only one thing must hold', () => {
    expect(flatOf({ field: 'priority', op: 'eq', value: 'HIGH' })).toEqual({
      match: 'all',
      leaves: [{ field: 'priority', op: 'eq', value: 'HIGH' }],
    })
  })

  it.each([
    { not: { field: 'priority', op: 'eq', value: 'HIGH' } },
    { all: [{ any: [] }] },
    { any: [] },
    { all: [{ field: 'status', op: 'changed', value: false }] },
    [],
    'always',
    null,
  ])('are no list where they say more than one: %j', (conditions) => expect(flatOf(conditions)).toBeNull())
})
