import { newId } from '@quimbi/database/ids.ts'
import { violatedUnique } from '@quimbi/database/outcomes.ts'
import { isCurrency } from '@quimbi/service/currency.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { publish } from '@quimbi/events/outbox.ts'
import type { Tenant } from '../../generated/prisma/client.ts'
import { text } from '../common/text.ts'
import { isTimeZone } from '../common/time-zone.ts'
import type { Db } from '../database.ts'
import { seedQueues } from '../queues/defaults.ts'

export type NewTenant = {
  id?: string
  /** Short name, for logins and commands. */
  slug: string
  name: string
  currencyCode: string
  timeZone: string
  isDemo?: boolean
}

/** Adds a business. By the system: there is no agent yet who could. */
export async function createTenant(system: Db, input: NewTenant, now: Date): Promise<Tenant> {
  const { slug, currencyCode, timeZone } = input
  if (!/^[a-z\d][a-z\d-]{0,49}$/.test(slug)) {
    refuse('INVALID', 'A short name has 1 to 50 lower-case letters, digits and hyphens.', ['slug'])
  }
  if (!isCurrency(currencyCode)) refuse('INVALID', 'currencyCode is no ISO 4217 code.', ['currencyCode'])
  if (!isTimeZone(timeZone)) refuse('INVALID', 'timeZone is no IANA time zone.', ['timeZone'])
  const name = text(input.name, { path: ['name'], max: 200 })
  const data = {
    id: input.id ?? newId(),
    slug,
    name,
    currencyCode,
    timeZone,
    isDemo: input.isDemo ?? false,
    createdAt: now,
  }
  const tenant = await system.tenant.create({ data }).catch((error: unknown) => {
    if (violatedUnique(error) === null) throw error
    return refuse('ALREADY_EXISTS', `There is a tenant "${slug}".`, ['slug'])
  })
  await seedQueues(system, tenant.id, now)
  await publish(system, [
    { tenantId: tenant.id, type: 'tenant.saved', occurredAt: now, payload: { name, currencyCode, timeZone } },
  ])
  return tenant
}
