import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { Prisma, type Tenant } from '../../generated/prisma/client.ts'
import { need } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import { isLocale } from './locale.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { enqueueRescore } from '../scoring/rescore.ts'
import { formulas } from '../scoring/score.ts'
import { checkWeights } from '../scoring/weights.ts'
import { amount } from './amount.ts'
import { touchConfig } from './config.ts'

type Optional<T> = T | null | undefined

export type SettingsInput = {
  scoringFormulaVersion?: Optional<string>
  scoringWeights?: unknown
  undoSendSeconds?: Optional<number>
  reopenWindowDays?: Optional<number>
  vipFromLifetimeValue?: Optional<string>
  brand?: Optional<string>
  signature?: Optional<string>
  locale?: Optional<string>
  autoTriage?: Optional<boolean>
  aiDrafts?: Optional<boolean>
  aiRecommendations?: Optional<boolean>
  demoMode?: Optional<boolean>
  messageRetentionDays?: Optional<number>
  eventRetentionDays?: Optional<number>
}

const path = (field: string): string[] => ['input', field]

const settings = [
  'scoringVersion',
  'scoringWeights',
  'undoSendSeconds',
  'reopenWindowDays',
  'vipFromLifetimeValue',
  'brand',
  'signature',
  'locale',
  'autoTriage',
  'aiDrafts',
  'aiRecommendations',
  'demoMode',
  'messageRetentionDays',
  'eventRetentionDays',
] as const satisfies (keyof Tenant)[]

/** What the inbox is ranked by: another value asks for a rescore. */
const ranking: readonly string[] = ['scoringVersion', 'scoringWeights', 'vipFromLifetimeValue']

/** Changes what the tenant chose. Null clears what may be empty, and is like left out elsewhere. */
export async function updateTenantSettings(tx: Db, viewer: Viewer, input: SettingsInput, now: Date): Promise<Tenant> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  const data = checkSettings(input)
  // First, since it holds off whoever changes the configuration too: "before" is what this change finds.
  await touchConfig(tx, tenantId)
  const before = await tx.tenant.findFirstOrThrow({ where: { id: tenantId } })
  await tx.tenant.updateMany({ where: { id: tenantId }, data })
  const after = await tx.tenant.findFirstOrThrow({ where: { id: tenantId } })
  const changes = differences<Tenant>(before, after, settings)
  if (changes.length === 0) return after
  const subject = { subjectType: 'tenant', subjectId: tenantId }
  await recordAudit(tx, { tenantId, who: doerOf(viewer), now, action: 'tenant.settings_changed', ...subject, changes })
  if (changes.some(({ field }) => ranking.includes(field))) await enqueueRescore(tx, tenantId)
  return after
}

/** Checks settings; only the columns that they speak of. Pure. */
export function checkSettings(input: SettingsInput): Prisma.TenantUncheckedUpdateManyInput {
  const { scoringFormulaVersion: version, scoringWeights, vipFromLifetimeValue: vip, brand, signature, locale } = input
  if (typeof version === 'string' && !formulas.some((formula) => formula.version === version)) {
    const known = formulas.map((formula) => formula.version).join(', ')
    refuse('INVALID', `The formulas are ${known}.`, path('scoringFormulaVersion'))
  }
  if (typeof locale === 'string' && !isLocale(locale))
    refuse('INVALID', 'locale is no BCP 47 language tag.', path('locale'))
  return {
    ...(typeof version === 'string' && { scoringVersion: version }),
    ...(scoringWeights !== undefined && {
      scoringWeights: scoringWeights === null ? Prisma.DbNull : checkWeights(scoringWeights, path('scoringWeights')),
    }),
    ...whole(input, 'undoSendSeconds', 0, 120),
    ...whole(input, 'reopenWindowDays', 0, 365),
    ...(vip !== undefined && {
      vipFromLifetimeValue: vip === null ? null : amount(vip, path('vipFromLifetimeValue')),
    }),
    ...(brand !== undefined && { brand: optional(brand, 'brand', 200) }),
    ...(signature !== undefined && { signature: optional(signature, 'signature', 2_000) }),
    ...(typeof locale === 'string' && { locale }),
    ...flag(input, 'autoTriage'),
    ...flag(input, 'aiDrafts'),
    ...flag(input, 'aiRecommendations'),
    ...flag(input, 'demoMode'),
    ...(input.messageRetentionDays === null && { messageRetentionDays: null }),
    ...whole(input, 'messageRetentionDays', 1, 3_650),
    ...whole(input, 'eventRetentionDays', 1, 3_650),
  }
}

type Whole = 'undoSendSeconds' | 'reopenWindowDays' | 'messageRetentionDays' | 'eventRetentionDays'
type Flag = 'autoTriage' | 'aiDrafts' | 'aiRecommendations' | 'demoMode'

function whole(input: SettingsInput, field: Whole, least: number, most: number): { [F in Whole]?: number } {
  const value = input[field]
  if (typeof value !== 'number') return {}
  if (value >= least && value <= most) return { [field]: value }
  return refuse('INVALID', `${field} lies between ${least} and ${most.toLocaleString('en')}.`, path(field))
}

const flag = (input: SettingsInput, field: Flag): { [F in Flag]?: boolean } =>
  typeof input[field] === 'boolean' ? { [field]: input[field] } : {}

const optional = (value: string | null, field: string, max: number): string | null =>
  value === null || value.trim() === '' ? null : text(value, { path: path(field), max })
