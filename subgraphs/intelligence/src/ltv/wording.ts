import { type FeatureUnit, features } from '../features/catalogue.ts'
import { buyingColumns, ordersColumn } from './design.ts'

const number = (digits: number) => new Intl.NumberFormat('en', { maximumFractionDigits: digits })
const [whole, tenths, hundredths] = [number(0), number(1), number(2)]
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })
const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

const say: Record<FeatureUnit, (value: number) => string> = {
  days: tenths.format,
  hours: tenths.format,
  count: tenths.format,
  currency: (value) => (Math.abs(value) >= 1000 ? whole : hundredths).format(value),
  share: percent.format,
  ratio: hundredths.format,
  'hour of day': tenths.format,
  sentiment: hundredths.format,
}

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

/** `Days since the last purchase: 12. Raises the forecast by 4.20.` */
export function wordingOf(
  column: number,
  value: number,
  contribution: number,
): { feature: string; explanation: string } {
  const { name, description, unit } = columnOf(column)
  const effect = `${contribution > 0 ? 'Raises' : 'Lowers'} the forecast by ${money.format(Math.abs(contribution))}.`
  return { feature: name, explanation: `${description}: ${say[unit](value)}. ${effect}` }
}
