import { formatMoney, formatPercent, words } from '../../shared/format.ts'
import type { CustomersFittingQueryVariables } from './generated/Search.ts'
import { lifecycleStages, segmentName } from './wording.ts'

/** What customers are picked by, without nulls: as it stands in the address. */
export type Filter = { [Name in keyof Query]?: NonNullable<Query[Name]> }
type Query = CustomersFittingQueryVariables['filter']

const orders = ['REVENUE_AT_RISK', 'CHURN_RISK', 'LTV', 'LAST_PURCHASE'] as const
export const orderChoices = [
  { value: 'REVENUE_AT_RISK', label: 'Most revenue at risk' },
  { value: 'CHURN_RISK', label: 'Highest churn risk' },
  { value: 'LTV', label: 'Highest value' },
  { value: 'LAST_PURCHASE', label: 'Latest purchase' },
] as const

/** Takes of anything what is a filter: addresses are written by hand, and the service tells what it understood as JSON. */
export function filterOf(value: unknown): Filter {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const share = (name: string) => figure(given[name], (number) => number >= 0 && number <= 1)
  const days = (name: string) => figure(given[name], (number) => Number.isInteger(number) && number >= 0)
  return present({
    churnRiskAtLeast: share('churnRiskAtLeast'),
    churnRiskAtMost: share('churnRiskAtMost'),
    ltvAtLeast: decimal(given['ltvAtLeast']),
    ltvAtMost: decimal(given['ltvAtMost']),
    daysSinceLastPurchaseAtLeast: days('daysSinceLastPurchaseAtLeast'),
    daysSinceLastPurchaseAtMost: days('daysSinceLastPurchaseAtMost'),
    lifecycle: listOf(given['lifecycle'], (one) => lifecycleStages.find((stage) => stage === one)),
    archetypeId: typeof given['archetypeId'] === 'string' && given['archetypeId'] ? given['archetypeId'] : undefined,
    segments: listOf(given['segments'], (one) => (typeof one === 'string' && one ? one : undefined))?.slice(0, 50),
    orderBy: orders.find((order) => order === given['orderBy']),
  })
}

function figure(value: unknown, isGood: (number: number) => boolean): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && isGood(number) ? number : undefined
}

const decimal = (value: unknown): string | undefined => {
  const text = String(value ?? '').trim()
  return /^\d{1,12}(\.\d{1,2})?$/.test(text) ? text : undefined
}

function listOf<One>(value: unknown, of: (one: unknown) => One | undefined): One[] | undefined {
  if (!Array.isArray(value)) return undefined
  const list = value.map(of).filter((one) => one !== undefined)
  return list.length > 0 ? list : undefined
}

const present = (filter: { [Name in keyof Filter]: Filter[Name] | undefined }): Filter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))

/** Of the form: shares are written as percentages there. */
export function filterOfForm(form: FormData): Filter {
  const share = (name: string) => {
    const text = String(form.get(name) ?? '').trim()
    return text === '' ? undefined : Number(text) / 100
  }
  return filterOf({
    ...Object.fromEntries(form),
    churnRiskAtLeast: share('churnRiskAtLeast'),
    churnRiskAtMost: share('churnRiskAtMost'),
    lifecycle: form.getAll('lifecycle'),
    segments: form.getAll('segments'),
  })
}

export type Names = {
  currencyCode: string
  archetype: (id: string) => string | undefined
  segment: (id: string) => { axis: string; name: string } | undefined
}

/** A filter in words, one condition each. */
export function conditionsOf(filter: Filter, { currencyCode, archetype, segment }: Names): string[] {
  const money = (amount: string) => formatMoney({ amount, currencyCode })
  const days = (count: number) => `${count} days ago`
  const range = <Value>(
    name: string,
    low: Value | undefined,
    high: Value | undefined,
    say: (value: Value) => string,
  ) =>
    low !== undefined && high !== undefined
      ? `${name} ${say(low)} to ${say(high)}`
      : low !== undefined
        ? `${name} from ${say(low)}`
        : high !== undefined && `${name} up to ${say(high)}`
  const { churnRiskAtLeast, churnRiskAtMost, ltvAtLeast, ltvAtMost } = filter
  const { daysSinceLastPurchaseAtLeast: longest, daysSinceLastPurchaseAtMost: latest } = filter
  return [
    range('Churn risk', churnRiskAtLeast, churnRiskAtMost, formatPercent),
    range('Value of a year', ltvAtLeast, ltvAtMost, money),
    range('Last purchase', longest, latest, days),
    filter.lifecycle && filter.lifecycle.map(words).join(' or '),
    filter.archetypeId && `Archetype: ${archetype(filter.archetypeId) ?? 'one that is no more'}`,
    ...(filter.segments ?? []).map((id) => {
      const known = segment(id)
      return known ? `${words(known.axis)}: ${segmentName(known.name)}` : 'A segment that is no more'
    }),
    filter.orderBy && orderChoices.find(({ value }) => value === filter.orderBy)?.label,
  ].filter((said) => typeof said === 'string')
}
