import { UserErrors } from '@quimbi/service/errors.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkConditions, holds, type Subject } from './conditions.ts'

const fields = {
  priority: ['LOW', 'HIGH'],
  subject: 'text',
  tags: 'labels',
  churnRisk: 'number',
  isVip: 'boolean',
  snoozedUntil: 'instant',
} as const

const check = (given: unknown, past = true) => checkConditions(given, { fields, path: ['input', 'conditions'], past })

function refusalOf(given: unknown, past = true): unknown {
  try {
    check(given, past)
    return null
  } catch (error) {
    return error instanceof UserErrors ? error.errors.map(({ code, path }) => [code, path]) : error
  }
}

const invalid = [['INVALID', ['input', 'conditions']]]

const ticket: Subject = {
  is: {
    priority: 'HIGH',
    subject: 'Where is my Parcel?',
    tags: ['shipping', 'late'],
    churnRisk: 0.7,
    isVip: true,
    snoozedUntil: '2026-01-01T10:00:00.000Z',
    category: null,
  },
  was: { priority: 'LOW', tags: ['shipping', 'late'], isVip: true, category: null },
}

describe('conditions', () => {
  it.each<[unknown, boolean]>([
    [{}, true],
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ not: {} }, false],
    [{ field: 'priority', op: 'eq', value: 'HIGH' }, true],
    [{ field: 'priority', op: 'neq', value: 'HIGH' }, false],
    [{ field: 'priority', op: 'in', value: ['LOW', 'HIGH'] }, true],
    [{ field: 'priority', op: 'was', value: 'LOW' }, true],
    [{ field: 'priority', op: 'changed' }, true],
    [{ field: 'tags', op: 'changed' }, false],
    [{ field: 'tags', op: 'changed', value: false }, true],
    [{ field: 'tags', op: 'contains', value: 'late' }, true],
    [{ field: 'tags', op: 'contains', value: 'lat' }, false],
    [{ field: 'tags', op: 'in', value: ['other', 'late'] }, true],
    [{ field: 'subject', op: 'contains', value: 'parcel' }, true],
    [{ field: 'churnRisk', op: 'gt', value: 0.7 }, false],
    [{ field: 'churnRisk', op: 'gte', value: 0.7 }, true],
    [{ field: 'churnRisk', op: 'lt', value: 0.8 }, true],
    [{ field: 'churnRisk', op: 'lte', value: 0.6 }, false],
    [{ field: 'snoozedUntil', op: 'lt', value: '2026-01-01T10:00:01Z' }, true],
    [{ field: 'snoozedUntil', op: 'eq', value: '2026-01-01T10:00:00Z' }, true],
    [{ field: 'category', op: 'eq', value: null }, true],
    [{ field: 'category', op: 'exists' }, false],
    [{ field: 'category', op: 'exists', value: false }, true],
    [{ field: 'missing', op: 'gt', value: 1 }, false],
    [
      { all: [{ field: 'isVip', op: 'eq', value: true }, { not: { field: 'priority', op: 'eq', value: 'LOW' } }] },
      true,
    ],
    [
      {
        any: [
          { field: 'isVip', op: 'eq', value: false },
          { field: 'priority', op: 'eq', value: 'HIGH' },
        ],
      },
      true,
    ],
  ])('%j holds: %s', (condition, expected) => {
    expect(holds(condition, ticket)).toBe(expected)
  })

  it('say nothing about a change where nothing was before', () => {
    const { is } = ticket
    expect(holds({ field: 'priority', op: 'changed' }, { is })).toBe(false)
    expect(holds({ field: 'priority', op: 'changed', value: false }, { is })).toBe(false)
    expect(holds({ field: 'category', op: 'was', value: null }, { is })).toBe(false)
  })

  it.each([
    null,
    [],
    'x',
    { field: 'colour', op: 'eq', value: 'red' },
    { field: 'toString', op: 'exists' },
    { field: 'priority', op: 'like', value: 'H' },
    { field: 'priority', op: 'eq', value: 'SOON' },
    { field: 'priority', op: 'eq' },
    { field: 'priority', op: 'gt', value: 'LOW' },
    { field: 'priority', op: 'in', value: 'LOW' },
    { field: 'priority', op: 'in', value: [] },
    { field: 'churnRisk', op: 'gt', value: '0.5' },
    { field: 'churnRisk', op: 'gt', value: null },
    { field: 'isVip', op: 'eq', value: 'yes' },
    { field: 'tags', op: 'contains', value: 5 },
    { field: 'snoozedUntil', op: 'lt', value: 'tomorrow' },
    { field: 'priority', op: 'exists', value: 1 },
    { field: 'priority', op: 'eq', value: 'LOW', and: 1 },
    { all: [{}], any: [{}] },
    { all: {} },
    { not: null },
  ])('refuses %j', (given) => {
    expect(refusalOf(given)).toEqual(invalid)
  })

  it('refuse the past where only the present counts', () => {
    expect(refusalOf({ field: 'priority', op: 'changed' }, false)).toEqual(invalid)
    expect(refusalOf({ field: 'priority', op: 'eq', value: 'LOW' }, false)).toBeNull()
  })

  it('lie at most 10 deep, 100 in all', () => {
    const nested = (depth: number): unknown => (depth === 1 ? {} : { not: nested(depth - 1) })
    expect(refusalOf(nested(10))).toBeNull()
    expect(refusalOf(nested(11))).toEqual(invalid)
    expect(refusalOf({ all: Array(99).fill({}) })).toBeNull()
    expect(refusalOf({ all: Array(100).fill({}) })).toEqual(invalid)
  })

  it('either refuse as data or can be judged, whatever they are given', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (given) => {
        const refused = refusalOf(given)
        if (refused !== null) expect(refused).toEqual(invalid)
        else expect(typeof holds(given, ticket)).toBe('boolean')
      }),
    )
  })
})
