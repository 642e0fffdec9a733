import { refused } from '../parts/form.ts'
import type { SettingsBusinessFragment, TenantSettingsInput } from './generated/Business.ts'
import { weightNames, type Weights } from './weights.ts'

/** The settings while they are edited: figures as they are typed. */
export type BusinessValues = {
  brand: string
  signature: string
  locale: string
  undoSendSeconds: string
  reopenWindowDays: string
  vipFromLifetimeValue: string
  messageRetentionDays: string
  eventRetentionDays: string
  autoTriage: boolean
  aiDrafts: boolean
  aiRecommendations: boolean
  scoringFormulaVersion: string
  scoringWeights: Record<string, string>
}

export function businessValues({ settings }: SettingsBusinessFragment): BusinessValues {
  const { scoringFormula: formula } = settings
  const weights = formula.weights as Weights
  return {
    brand: settings.brand,
    signature: settings.signature ?? '',
    locale: settings.locale,
    undoSendSeconds: String(settings.undoSendSeconds),
    reopenWindowDays: String(settings.reopenWindowDays),
    vipFromLifetimeValue: settings.vipFromLifetimeValue ?? '',
    messageRetentionDays: String(settings.messageRetentionDays ?? ''),
    eventRetentionDays: String(settings.eventRetentionDays),
    autoTriage: settings.autoTriage,
    aiDrafts: settings.aiDrafts,
    aiRecommendations: settings.aiRecommendations,
    scoringFormulaVersion: formula.version,
    scoringWeights: Object.fromEntries(weightNames.map((name) => [name, String(weights[name] ?? 0)])),
  }
}

const numbersOf = (weights: Record<string, string>) =>
  Object.fromEntries(Object.entries(weights).map(([name, text]) => [name, Number(text)]))

/** Only what differs from what is kept: others may change other settings meanwhile. */
export function changesOf(values: BusinessValues, kept: BusinessValues): TenantSettingsInput {
  const differs = (name: keyof BusinessValues) => JSON.stringify(values[name]) !== JSON.stringify(kept[name])
  const texts = (['brand', 'locale', 'scoringFormulaVersion'] as const).filter(differs)
  const clearable = (['signature', 'vipFromLifetimeValue'] as const).filter(differs)
  const figures = (['undoSendSeconds', 'reopenWindowDays', 'eventRetentionDays'] as const).filter(differs)
  const flags = (['autoTriage', 'aiDrafts', 'aiRecommendations'] as const).filter(differs)
  return {
    ...Object.fromEntries(texts.map((name) => [name, values[name]])),
    ...Object.fromEntries(clearable.map((name) => [name, values[name].trim() || null])),
    ...Object.fromEntries(figures.map((name) => [name, Number(values[name])])),
    ...Object.fromEntries(flags.map((name) => [name, values[name]])),
    ...(differs('messageRetentionDays') && {
      messageRetentionDays: values.messageRetentionDays.trim() === '' ? null : Number(values.messageRetentionDays),
    }),
    ...(differs('scoringWeights') && { scoringWeights: numbersOf(values.scoringWeights) }),
    // Another formula has weights of its own, unless some were chosen with it.
    ...(differs('scoringFormulaVersion') && !differs('scoringWeights') && { scoringWeights: null }),
  }
}

export function wrongInBusiness(values: BusinessValues) {
  const within = (name: keyof BusinessValues, least: number, most: number) => {
    const text = values[name] as string
    const figure = Number(text)
    const isFine = text.trim() !== '' && Number.isInteger(figure) && figure >= least && figure <= most
    return isFine ? [] : [refused(name, `A whole number from ${least} to ${most.toLocaleString()}.`)]
  }
  return [
    ...within('undoSendSeconds', 0, 120),
    ...within('reopenWindowDays', 0, 365),
    ...within('eventRetentionDays', 1, 3_650),
    ...(values.messageRetentionDays.trim() === '' ? [] : within('messageRetentionDays', 1, 3_650)),
    ...(Number(values.vipFromLifetimeValue) >= 0 ? [] : [refused('vipFromLifetimeValue', 'An amount, such as 1000.')]),
  ]
}
