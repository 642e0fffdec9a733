import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences, type FieldChange } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { logBounds } from '@quimbi/subgraph/log-cursor.ts'
import { newSecret } from '@quimbi/webhooks/secrets.ts'
import { webhookUrl } from '@quimbi/webhooks/url.ts'
import type { InsightWebhook } from '../../generated/prisma/client.ts'
import { recordChange } from '../common/record-change.ts'
import type { Db } from '../database.ts'
import type { InsightMetric } from '../profiles/points.ts'
import { dropPending } from './deliveries.ts'
import { ownWebhooks } from './owners.ts'
import type { WebhookRules } from './settings.ts'

type Optional<T> = T | null | undefined

export const mostOfTenant = 20
const usualChange = 0.05

const at = (field: string): string[] => ['input', field]

/** The webhooks that the viewer may see, oldest first. FORBIDDEN. */
export async function listWebhooks(db: Db, viewer: Viewer): Promise<InsightWebhook[]> {
  const orderBy = [{ createdAt: 'asc' as const }, { id: 'asc' as const }]
  return db.insightWebhook.findMany({ where: ownWebhooks(viewer), orderBy, take: mostOfTenant })
}

export type WebhookInput = {
  id?: Optional<string>
  url: string
  metrics: readonly InsightMetric[]
  minChange?: Optional<number>
  isActive?: Optional<boolean>
  rotateSecret?: Optional<boolean>
}

/** `secret`: only where it is new; it is shown this once. */
export type SavedWebhook = { webhook: InsightWebhook; secret: string | null }

/** Adds a webhook or replaces one. `now` is real. FORBIDDEN, INVALID, REQUIRED, TOO_LONG, NOT_FOUND, LIMIT_EXCEEDED. */
export async function saveWebhook(
  tx: Db,
  viewer: Viewer,
  input: WebhookInput,
  { now, rules }: { now: Date; rules: WebhookRules },
): Promise<SavedWebhook> {
  const own = ownWebhooks(viewer)
  const { tenantId } = viewer
  const data = checked(input, rules)
  // Of two who save at once the second counts the first; until the end, nobody is told anything by what is being changed.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`quimbi:insight-webhooks:${tenantId}`}, 0))`
  const before = input.id ? await lockWebhook(tx, own, input.id) : null
  if (!before && (await tx.insightWebhook.count({ where: { tenantId } })) >= mostOfTenant)
    refuse('LIMIT_EXCEEDED', `A tenant has at most ${mostOfTenant} webhooks.`, ['input'])
  const id = before?.id ?? newId()
  const secret = !before || input.rotateSecret ? newSecret() : null
  if (before) await replace(tx, before, { data, secret, now })
  else {
    const { head: startsAfter } = await logBounds(tx, tenantId)
    const keyId = own.keyId ?? null
    const made = { tenantId, id, keyId, startsAfter, createdAt: now, secret: secret ?? newSecret() }
    await tx.insightWebhook.create({ data: { ...data, ...made } })
  }
  const webhook = await tx.insightWebhook.findFirstOrThrow({ where: { tenantId, id } })
  const note = (action: string, changes: readonly FieldChange[]) =>
    recordChange(tx, viewer, { now, action: `insight_webhook.${action}`, ...subject(id), changes })
  const changes = differences(before ?? {}, webhook, audited)
  if (changes.length > 0) await note(before ? 'updated' : 'created', changes)
  if (before && secret) await note('secret_rotated', [])
  return { webhook, secret }
}

const subject = (subjectId: string) => ({ subjectType: 'InsightWebhook', subjectId })
const audited = ['url', 'metrics', 'minChange', 'isActive'] as const satisfies (keyof InsightWebhook)[]

type Checked = Pick<InsightWebhook, 'url' | 'metrics' | 'minChange' | 'isActive'>

function checked(input: WebhookInput, rules: WebhookRules): Checked {
  const url = webhookUrl(input.url, rules, at('url'))
  const metrics = [...new Set(input.metrics)]
  if (metrics.length === 0) refuse('REQUIRED', 'metrics names at least one figure.', at('metrics'))
  const minChange = input.minChange ?? usualChange
  if (!(minChange >= 0 && minChange <= 1)) refuse('INVALID', 'minChange is a number from 0 to 1.', at('minChange'))
  return { url, metrics, minChange, isActive: input.isActive ?? true }
}

type Change = { data: Checked; secret: string | null; now: Date }

async function replace(tx: Db, before: InsightWebhook, { data, secret, now }: Change): Promise<void> {
  const { tenantId, id } = before
  const rotated = secret !== null && { secret, previousSecret: before.secret, rotatedAt: now }
  // Switched on again, it starts with a clean record, and with what happens from now on.
  const fresh = data.isActive &&
    !before.isActive && {
      ...{ failingSince: null, disabledReason: null },
      startsAfter: (await logBounds(tx, tenantId)).head,
    }
  await tx.insightWebhook.updateMany({ where: { tenantId, id }, data: { ...data, ...rotated, ...fresh } })
  const isSame = data.minChange === before.minChange && String(data.metrics) === String(before.metrics)
  if (fresh || !isSame) await tx.insightWebhookSum.deleteMany({ where: { tenantId, webhookId: id } })
  if (!data.isActive) await dropPending(tx, { tenantId, webhookId: id })
}

/** Removes a webhook, and what was on its way to it. FORBIDDEN, NOT_FOUND. */
export async function deleteWebhook(tx: Db, viewer: Viewer, id: string, now: Date): Promise<SavedWebhook> {
  const webhook = await lockWebhook(tx, ownWebhooks(viewer), id)
  await tx.insightWebhook.deleteMany({ where: { tenantId: webhook.tenantId, id: webhook.id } })
  const changes = differences(webhook, {}, audited)
  await recordChange(tx, viewer, { now, action: 'insight_webhook.deleted', ...subject(webhook.id), changes })
  return { webhook, secret: null }
}

/** Held off meanwhile: who tells it of what happened, and who sends. */
async function lockWebhook(tx: Db, own: ReturnType<typeof ownWebhooks>, id: string): Promise<InsightWebhook> {
  const { tenantId } = own
  const isHere =
    isUuid(id) &&
    (await tx.$executeRaw`SELECT 1 FROM insight_webhook WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid FOR UPDATE`)
  const webhook = isHere ? await tx.insightWebhook.findFirst({ where: { ...own, id } }) : null
  return webhook ?? refuse('NOT_FOUND', 'There is no such webhook.', at('id'))
}
