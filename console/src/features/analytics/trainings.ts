import { formatNumber } from '../../shared/format.ts'
import type { AnalyticsModelFragment } from './generated/Models.ts'

/** The models of one training, which are used together. */
export type Training = Pick<AnalyticsModelFragment, 'version' | 'role' | 'trafficShare' | 'trainedAt' | 'trainedOn'> & {
  /** Of any of its models: naming one names all. */
  modelId: string
  figures: Figure[]
}

/** How it did at something on customers that it had not seen, and how the one in use did on the same. */
export type Figure = { key: string; name: string; own: string; champion: string | null; isBetter: boolean | null }

const known = [
  { kind: 'CHURN', key: 'auc', name: 'Churn, AUC', digits: 3, isMoreBetter: true },
  { kind: 'CHURN', key: 'brier', name: 'Churn, Brier score', digits: 4, isMoreBetter: false },
  { kind: 'CHURN', key: 'ece', name: 'Churn, calibration error', digits: 4, isMoreBetter: false },
  { kind: 'LTV', key: 'mae', name: 'Value, mean error', digits: 2, isMoreBetter: false },
  { kind: 'LTV', key: 'spearman', name: 'Value, rank correlation', digits: 3, isMoreBetter: true },
] as const

export function trainingsOf(models: readonly AnalyticsModelFragment[]): Training[] {
  const versions = [...new Set(models.map(({ version }) => version))]
  return versions.flatMap((version) => {
    const own = models.filter((model) => model.version === version)
    const [first] = own
    if (!first) return []
    const { role, trafficShare, trainedAt, trainedOn, id } = first
    return [{ version, role, trafficShare, trainedAt, trainedOn, modelId: id, figures: figuresOf(own) }]
  })
}

function figuresOf(models: readonly AnalyticsModelFragment[]): Figure[] {
  return known.flatMap(({ kind, key, name, digits, isMoreBetter }) => {
    const metrics = recordOf(models.find((model) => model.kind === kind)?.metrics)
    const own = metrics[key]
    const champion = recordOf(metrics['champion'])[key]
    if (typeof own !== 'number') return []
    const isKnown = typeof champion === 'number'
    return [
      {
        key: `${kind}.${key}`,
        name,
        own: formatNumber(own, digits),
        champion: isKnown ? formatNumber(champion, digits) : null,
        isBetter: !isKnown || champion === own ? null : own > champion === isMoreBetter,
      },
    ]
  })
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const reasons: Record<string, string> = {
  INSUFFICIENT_DATA: 'There are too few customers or days yet: 500 with an order and 180 days are needed.',
  NO_SPEND: 'Nobody has spent anything.',
  STOPPED: 'The service was stopped meanwhile. Start it again.',
  ENDED: 'Its process ended. Start it again.',
  FAILED: 'It failed on our side.',
}

export const reasonOf = (code: string): string => reasons[code] ?? code
