import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { newSecret } from '@quimbi/webhooks/secrets.ts'
import { webhookUrl } from '@quimbi/webhooks/url.ts'
import type { WebhookEndpoint } from '../../generated/prisma/client.ts'
import { need, needToRead } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { ticketEventTypes } from '../log/ticket-events.ts'
import type { SupportSettings } from '../settings.ts'
import { touchConfig } from '../tenants/config.ts'
import { dropPending } from './deliveries.ts'

const mostOfTenant = 20

const at = (field: string): string[] => ['input', field]

/** The tenant's endpoints, oldest first. */
export function listEndpoints(db: Db, viewer: Viewer): Promise<WebhookEndpoint[]> {
  needToRead(viewer, 'config:read')
  const { tenantId } = viewer
  return db.webhookEndpoint.findMany({ where: { tenantId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
}

export type EndpointInput = {
  id?: string | null | undefined
  url: string
  eventTypes: readonly string[]
  isActive?: boolean | null | undefined
  rotateSecret?: boolean | null | undefined
}

/** `secret`: only where it is new; it is shown this once. */
export type SavedEndpoint = { endpoint: WebhookEndpoint; secret: string | null }

type Means = { now: Date; settings: Pick<SupportSettings, 'webhooksToLoopback'> }

/** Adds an endpoint or replaces one. `now` is real. FORBIDDEN, INVALID, TOO_LONG, NOT_FOUND, LIMIT_EXCEEDED. */
export async function saveEndpoint(
  tx: Db,
  viewer: Viewer,
  input: EndpointInput,
  { now, settings }: Means,
): Promise<SavedEndpoint> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  const url = webhookUrl(input.url, { toLoopback: settings.webhooksToLoopback === true }, at('url'))
  const eventTypes = typesOf(input.eventTypes)
  // First, since it holds off others who save: of two at once, the second counts the first.
  await touchConfig(tx, tenantId)
  const before = input.id ? await endpointOf(tx, tenantId, input.id) : null
  if (!before && (await tx.webhookEndpoint.count({ where: { tenantId } })) >= mostOfTenant)
    refuse('LIMIT_EXCEEDED', `A business has at most ${mostOfTenant} endpoints.`, ['input'])
  const id = before?.id ?? newId()
  const isActive = input.isActive ?? true
  const secret = !before || input.rotateSecret ? newSecret() : null
  // Switched on again, it starts with a clean record.
  const isFresh = isActive && before?.isActive === false
  const data = { url, eventTypes, isActive, ...(isFresh && { failingSince: null, disabledReason: null }) }
  if (before) {
    const rotated = secret !== null && { secret, previousSecret: before.secret, rotatedAt: now }
    await tx.webhookEndpoint.updateMany({ where: { tenantId, id }, data: { ...data, ...rotated } })
  } else
    await tx.webhookEndpoint.create({ data: { tenantId, id, ...data, secret: secret ?? newSecret(), createdAt: now } })
  if (!isActive) await dropPending(tx, { tenantId, endpointId: id })
  await record(tx, viewer, { now, id, action: before ? 'updated' : 'created', before, after: data })
  if (before && secret) await record(tx, viewer, { now, id, action: 'secret_rotated', before: null, after: {} })
  return { endpoint: await tx.webhookEndpoint.findFirstOrThrow({ where: { tenantId, id } }), secret }
}

/** Removes an endpoint, and what was on its way to it. FORBIDDEN, NOT_FOUND. */
export async function deleteEndpoint(tx: Db, viewer: Viewer, id: string, now: Date): Promise<{ deletedId: string }> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  const before = await endpointOf(tx, tenantId, id)
  await tx.webhookEndpoint.deleteMany({ where: { tenantId, id: before.id } })
  await record(tx, viewer, { now, id: before.id, action: 'deleted', before, after: {} })
  return { deletedId: before.id }
}

async function endpointOf(tx: Db, tenantId: string, id: string): Promise<WebhookEndpoint> {
  const endpoint = isUuid(id) ? await tx.webhookEndpoint.findFirst({ where: { tenantId, id } }) : null
  return endpoint ?? refuse('NOT_FOUND', 'There is no such endpoint.', at('id'))
}

const written: ReadonlySet<string> = new Set(ticketEventTypes)

function typesOf(given: readonly string[]): string[] {
  const types = [...new Set(given)]
  if (types.length === 0) refuse('REQUIRED', 'eventTypes names at least one type of event.', at('eventTypes'))
  const unknown = types.find((type) => !written.has(type))
  if (unknown !== undefined) refuse('INVALID', `No event of the type ${unknown} is sent.`, at('eventTypes'))
  return types
}

type Shown = Partial<Pick<WebhookEndpoint, 'url' | 'eventTypes' | 'isActive'>>
type Recorded = { now: Date; id: string; action: string; before: Shown | null; after: Shown }

// A query of a URL often holds a key.
const shown = ({ url, ...rest }: Shown): Shown =>
  url === undefined ? rest : { ...rest, url: url.replace(/\?.*$/s, '?…') }

const record = (tx: Db, viewer: Viewer, { now, id, action, before, after }: Recorded): Promise<void> =>
  recordAudit(tx, {
    tenantId: viewer.tenantId,
    who: doerOf(viewer),
    now,
    action: `webhook_endpoint.${action}`,
    subjectType: 'webhook_endpoint',
    subjectId: id,
    changes: differences<Shown>(shown(before ?? {}), shown(after), ['url', 'eventTypes', 'isActive']),
  })
