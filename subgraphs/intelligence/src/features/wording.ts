import type { FeatureUnit } from './catalogue.ts'

const number = (digits: number) => new Intl.NumberFormat('en', { maximumFractionDigits: digits })
const [whole, tenths, hundredths] = [number(0), number(1), number(2)]
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

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

/** A feature's value in words, as exact as its unit deserves. */
export const sayValue = (unit: FeatureUnit, value: number): string => say[unit](value)
