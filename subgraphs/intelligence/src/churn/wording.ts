import { type FeatureName, featureIndex, features } from '../features/catalogue.ts'
import { sayValue } from '../features/wording.ts'

/** How far log-odds must move to be called so; 1 takes a risk of 50 % to 73 %. */
const strengths = [
  [1, 'strongly '],
  [0.25, ''],
  [0, 'slightly '],
] as const

/** `Days since the last purchase: 12. Strongly lowers the risk of churn.` */
export function explain(feature: string, value: number, contribution: number): string {
  const { description, unit } = features[featureIndex[feature as FeatureName]]!
  const strength = strengths.find(([least]) => Math.abs(contribution) >= least)?.[1] ?? ''
  const effect = `${strength}${contribution > 0 ? 'raises' : 'lowers'} the risk of churn.`
  return `${description}: ${sayValue(unit, value)}. ${effect.charAt(0).toUpperCase()}${effect.slice(1)}`
}
