import type { FeatureDefinition, FeatureUnit } from '../features/catalogue.ts'

const number = (digits: number) => new Intl.NumberFormat('en', { maximumFractionDigits: digits })
const [whole, tenths, hundredths] = [number(0), number(1), number(2)]
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

const say: Record<FeatureUnit, (value: number) => string> = {
  days: (value) => tenths.format(value),
  hours: (value) => tenths.format(value),
  count: (value) => tenths.format(value),
  currency: (value) => (Math.abs(value) >= 1000 ? whole : hundredths).format(value),
  share: (value) => percent.format(value),
  ratio: (value) => hundredths.format(value),
  'hour of day': (value) => tenths.format(value),
  sentiment: (value) => hundredths.format(value),
}

/** How far log-odds must move to be called so; 1 takes a risk of 50 % to 73 %. */
const strengths = [
  [1, 'strongly '],
  [0.25, ''],
  [0, 'slightly '],
] as const

/** `Days since the last purchase: 12. Strongly lowers the risk of churn.` */
export function explain({ description, unit }: FeatureDefinition, value: number, contribution: number): string {
  const strength = strengths.find(([least]) => Math.abs(contribution) >= least)?.[1] ?? ''
  const effect = `${strength}${contribution > 0 ? 'raises' : 'lowers'} the risk of churn.`
  return `${description}: ${say[unit](value)}. ${effect.charAt(0).toUpperCase()}${effect.slice(1)}`
}
