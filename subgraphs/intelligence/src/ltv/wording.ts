import { type FeatureUnit, features } from '../features/catalogue.ts'
import { sayValue } from '../features/wording.ts'
import { buyingColumns, ordersColumn } from './design.ts'

const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

type Column = { name: string; description: string; unit: FeatureUnit }

const ofBuying: Record<(typeof buyingColumns)[number], Omit<Column, 'name'>> = {
  expectedOrders: { description: 'Purchase days expected from how often and how lately they bought', unit: 'count' },
  purchaseProbability: { description: 'Chance of at least one more purchase from that rhythm', unit: 'share' },
  expectedOrderValue: {
    description: 'Value expected of a purchase day, from those so far and other customers’',
    unit: 'currency',
  },
}

function columnOf(column: number): Column {
  const feature = features[column]
  if (feature) return feature
  const name = buyingColumns[column - ordersColumn]!
  return { name, ...ofBuying[name] }
}

export const nameOf = (column: number): string => columnOf(column).name

/** `Days since the last purchase: 12. Raises the forecast by 4.20.` */
export function wordingOf(column: number, value: number, contribution: number): string {
  const { description, unit } = columnOf(column)
  const effect = `${contribution > 0 ? 'Raises' : 'Lowers'} the forecast by ${money.format(Math.abs(contribution))}.`
  return `${description}: ${sayValue(unit, value)}. ${effect}`
}
