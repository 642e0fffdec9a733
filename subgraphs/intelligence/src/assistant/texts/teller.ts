import type { FeatureName } from '../../features/catalogue.ts'
import { featuresView } from '../../profiles/insight.ts'
import type { Known } from './known.ts'
import type { Stated } from './stated.ts'

/** Says something of a customer where it is known: one or more sentences, or none. Pure. */
export type Teller = (known: Known) => Stated[]

/** A day as records quote it. */
export const day = (date: Date): string => date.toISOString().slice(0, 10)

export const fromProfile = ({ id }: Known, text: string, quote: string): Stated => ({
  text,
  cite: { source: 'PROFILE', id, quote },
})

/** A feature's value where there was a purchase to learn it from. */
export const featureOf = ({ insight }: Known, name: FeatureName): number | null =>
  insight.profile.isReady ? (featuresView(insight)[name] ?? null) : null
