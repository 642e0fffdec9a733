import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conditionsOf, filterOf, filterOfForm } from './filter.ts'

const names = {
  currencyCode: 'USD',
  archetype: (id: string) => (id === 'a1' ? 'Premium power buyers' : undefined),
  segment: (id: string) => (id === 's1' ? { axis: 'PURCHASE_VALUE', name: 'upper_tier' } : undefined),
}

test('what an address holds becomes a filter only as far as it can be one', () => {
  expect(
    filterOf({
      ...{ churnRiskAtLeast: 0.6, churnRiskAtMost: 7, ltvAtLeast: 1476.21, ltvAtMost: 'much' },
      ...{ daysSinceLastPurchaseAtMost: '90', daysSinceLastPurchaseAtLeast: 1.5, orderBy: 'NAME' },
      ...{ lifecycle: ['NEW', 'OLD'], segments: ['s1', ''], archetypeId: '', other: true },
    }),
  ).toEqual({
    churnRiskAtLeast: 0.6,
    ltvAtLeast: '1476.21',
    daysSinceLastPurchaseAtMost: 90,
    lifecycle: ['NEW'],
    segments: ['s1'],
  })
})

test('anything at all is read without a failure, and reading again changes nothing', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const filter = filterOf(value)
      expect(filterOf(filter)).toEqual(filter)
    }),
  )
})

test('the form tells shares as percentages, and what is empty is not asked', () => {
  const form = new FormData()
  form.set('churnRiskAtLeast', '60')
  form.set('churnRiskAtMost', '')
  form.set('orderBy', 'LTV')
  form.append('lifecycle', 'LOYAL')
  form.append('segments', '')
  expect(filterOfForm(form)).toEqual({ churnRiskAtLeast: 0.6, orderBy: 'LTV', lifecycle: ['LOYAL'] })
})

test('a filter is told in words, also where it names what is no more', () => {
  const filter = filterOf({
    ...{ churnRiskAtLeast: 0.6, ltvAtLeast: '100', ltvAtMost: '200', daysSinceLastPurchaseAtMost: 90 },
    ...{ lifecycle: ['NEW', 'LOYAL'], archetypeId: 'a2', segments: ['s1'], orderBy: 'LTV' },
  })
  expect(conditionsOf(filter, names)).toEqual([
    'Churn risk from 60%',
    'Value of a year $100.00 to $200.00',
    'Last purchase up to 90 days ago',
    'New or Loyal',
    'Archetype: one that is no more',
    'Purchase value: Upper tier',
    'Highest value',
  ])
})
