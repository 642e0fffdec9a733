import { type FeatureUnit, features } from '../features/catalogue.ts'
import { sayValue } from '../features/wording.ts'
import { buyingColumns } from './design.ts'

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

const columns: Column[] = [...features, ...buyingColumns.map((name) => ({ name, ...ofBuying[name] }))]
const columnByName = new Map(columns.map((column) => [column.name, column]))

export const nameOf = (column: number): string => columns[column]!.name

/** `Days since the last purchase: 12. Raises the forecast by 4.20.` */
export function wordingOf(name: string, value: number, contribution: number): string {
  const { description, unit } = columnByName.get(name)!
  const effect = `${contribution > 0 ? 'Raises' : 'Lowers'} the forecast by ${money.format(Math.abs(contribution))}.`
  return `${description}: ${sayValue(unit, value)}. ${effect}`
}
