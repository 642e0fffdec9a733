import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { need, needToRead } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import type { Prisma } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { configOf, touchConfig } from '../tenants/config.ts'
import { lookAgain } from '../timers/store.ts'
import { checkCalendar, checkPolicy, type CalendarInput, type PolicyInput } from './check.ts'
import type { CalendarVersion, SlaPolicyVersion, SlaTargetRule } from './clock.ts'
import { newestOf } from './rules.ts'

type Optional<T> = T | null | undefined

/** The tenant's policies in their order, each in its newest version. */
export async function listPolicies(db: Db, viewer: Viewer): Promise<SlaPolicyVersion[]> {
  needToRead(viewer, 'config:read')
  const { sla } = await configOf(db, viewer.tenantId)
  return newestOf(sla.policies).toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
}

/** The tenant's calendars by name, each in its newest version. */
export async function listCalendars(db: Db, viewer: Viewer): Promise<CalendarVersion[]> {
  needToRead(viewer, 'config:read')
  const { sla } = await configOf(db, viewer.tenantId)
  return newestOf(sla.calendars).toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
}

export type SaveCalendar = CalendarInput & { id?: Optional<string> }

/** Adds a calendar, or a version of one: what was counted stays, and running clocks go on under the new hours. */
export async function saveCalendar(tx: Db, viewer: Viewer, input: SaveCalendar, now: Date): Promise<CalendarVersion> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  const checked = checkCalendar(input)
  // First, so that versions follow one another; `configOf` would keep what it reads between this and the commit.
  await touchConfig(tx, tenantId)
  const before = await known(input.id, 'id', (id) => calendarById(tx, tenantId, id))
  const key = { id: before?.id ?? newId(), version: (before?.version ?? 0) + 1 }
  await tx.businessCalendar.create({ data: { tenantId, ...key, ...checked, createdAt: now } })
  if (before) await lookAgain(tx, tenantId, now)
  await recordAudit(tx, {
    tenantId,
    who: doerOf(viewer),
    now,
    action: 'calendar.saved',
    subjectType: 'BusinessCalendar',
    subjectId: key.id,
    changes: differences(before ?? {}, { ...checked, ...key }, ['version', 'name', 'timeZone', 'weekly', 'holidays']),
  })
  return { ...checked, ...key, from: now.toISOString() }
}

export type SavePolicy = Pick<PolicyInput, 'name' | 'order' | 'conditions'> & {
  id?: Optional<string>
  calendarId?: Optional<string>
  isActive?: Optional<boolean>
  targets: readonly (Omit<SlaTargetRule, 'warnBeforeSeconds'> & { warnBeforeSeconds?: Optional<number> })[]
}

/** Adds a policy, or a version of one: it holds for what is opened or changed from now on. */
export async function savePolicy(tx: Db, viewer: Viewer, input: SavePolicy, now: Date): Promise<SlaPolicyVersion> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  const targets = input.targets.map((target) => ({ ...target, warnBeforeSeconds: target.warnBeforeSeconds ?? 900 }))
  const { calendarId = null, isActive } = input
  const checked = checkPolicy({ ...input, calendarId, isActive: isActive ?? true, targets })
  await touchConfig(tx, tenantId)
  const before = await known(input.id, 'id', (id) =>
    tx.slaPolicy.findFirst({ where: { tenantId, id }, orderBy: { version: 'desc' } }),
  )
  const calendar = await known(calendarId, 'calendarId', (id) => calendarById(tx, tenantId, id))
  const key = { id: before?.id ?? newId(), version: (before?.version ?? 0) + 1 }
  const row = {
    ...checked,
    ...key,
    calendarId: calendar?.id ?? null,
    conditions: checked.conditions as Prisma.JsonObject,
  }
  await tx.slaPolicy.create({ data: { tenantId, ...row, createdAt: now } })
  await recordAudit(tx, {
    tenantId,
    who: doerOf(viewer),
    now,
    action: 'sla_policy.saved',
    subjectType: 'SlaPolicy',
    subjectId: key.id,
    changes: differences(before ?? {}, row, [
      'version',
      'name',
      'order',
      'conditions',
      'calendarId',
      'targets',
      'isActive',
    ]),
  })
  return { ...row, targets: checked.targets, from: now.toISOString() }
}

const calendarById = (tx: Db, tenantId: string, id: string) =>
  tx.businessCalendar.findFirst({ where: { tenantId, id }, orderBy: { version: 'desc' } })

/** The newest version of what an id names, as found; null without an id, NOT_FOUND for one that is nothing. */
async function known<T>(
  id: Optional<string>,
  field: string,
  find: (id: string) => Promise<T | null>,
): Promise<T | null> {
  if (id === null || id === undefined) return null
  const found = isUuid(id) ? await find(id) : null
  return found ?? refuse('NOT_FOUND', 'There is nothing with this id.', ['input', field])
}
