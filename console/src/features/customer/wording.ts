import { words } from '../../shared/format.ts'
import type { Tone } from '../../ui/badge.tsx'

export type RiskLevel = 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'

export const toneOfRisk: Record<RiskLevel, Tone> = { LOW: 'good', MEDIUM: 'note', HIGH: 'warn', CRITICAL: 'bad' }

const stages = {
  NEW: 'First order less than 30 days ago',
  ACTIVE: 'Buys as usual',
  LOYAL: 'Among the most and the longest buying',
  AT_RISK: 'Churn risk of 60 % or more',
  LAPSED: 'Silent for three of their own gaps',
  WON_BACK: 'Back after having lapsed',
} as const

export type LifecycleStage = keyof typeof stages
export const lifecycleStages = Object.keys(stages) as LifecycleStage[]
export const aboutStage = (stage: LifecycleStage): string => stages[stage]
export const toneOfStage = (stage: LifecycleStage): Tone =>
  stage === 'AT_RISK' ? 'warn' : stage === 'LAPSED' ? 'bad' : stage === 'ACTIVE' ? 'neutral' : 'good'

export const strengths = { STRENGTH: 'clear', TENDENCY: 'leaning', EMERGING: 'first signs' } as const
export const levels = { STRENGTH: 'Clear', TENDENCY: 'Leaning', EMERGING: 'First signs' } as const

/** The name of a segment for which a customer shows too little. */
export const isUnknownSegment = (name: string): boolean => name === 'not_enough_data'

/** upper_tier → "Upper tier". */
export const segmentName = (name: string): string => (isUnknownSegment(name) ? 'Not enough data' : words(name))

/** daysSinceLastOrder, spend91 → "Days since last order", "Spend 91". */
export const featureName = (name: string): string =>
  words(
    name
      .replaceAll(/([a-z])([A-Z0-9])/g, '$1 $2')
      .replaceAll('_', ' ')
      .toLowerCase(),
  )

export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

/** "14:05, Tue" there; null for a zone that this browser does not know. */
export function timeThere(timeZone: string, now: number): string | null {
  try {
    return new Intl.DateTimeFormat(undefined, {
      timeZone,
      weekday: 'short',
      hour: 'numeric',
      minute: '2-digit',
    }).format(now)
  } catch {
    return null
  }
}

/** EMAIL → "Email"; SMS stays as it is. */
export const channelName = (channel: string): string => (channel === 'SMS' ? channel : words(channel))
