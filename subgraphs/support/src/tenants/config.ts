import { randomInt } from 'node:crypto'
import { createLru } from '@quimbi/service/lru.ts'
import type { AutomationRule, Tenant, TopicAlert } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { formulaOf, type Formula, type Weights } from '../scoring/score.ts'
import type { CalendarVersion, SlaPolicyVersion, SlaRules } from '../sla/clock.ts'

/** What a tenant decides by, as of one `configVersion`. */
export type TenantConfig = {
  tenant: Tenant
  formula: Formula
  sla: SlaRules
  /** Saved topic alerts, those that ran out included: judge by `expiresAt`. */
  alerts: readonly TopicAlert[]
  /** Active automation rules in their order. */
  rules: readonly AutomationRule[]
}

const kept = createLru<string, TenantConfig>(500)

/** The tenant's configuration; read again only when a transaction has changed its version. */
export async function configOf(db: Db, tenantId: string, version?: number): Promise<TenantConfig> {
  const known = kept.get(tenantId)
  const wanted = version ?? (await versionOf(db, tenantId))
  if (known?.tenant.configVersion === wanted) return known
  const config = await read(db, tenantId)
  kept.set(tenantId, config)
  return config
}

/** To be called in every transaction that changes what `TenantConfig` holds. Holds off others that do, until commit. */
export async function touchConfig(tx: Db, tenantId: string): Promise<void> {
  // Random, not counted: the version of a transaction that rolled back never comes again with another content.
  await tx.tenant.updateMany({ where: { id: tenantId }, data: { configVersion: randomInt(2 ** 31 - 1) } })
}

async function versionOf(db: Db, tenantId: string): Promise<number> {
  const [tenant] = await db.$queryRaw<{ version: number }[]>`
    SELECT config_version AS version FROM tenant WHERE id = ${tenantId}::uuid`
  if (!tenant) throw new Error('There is no such tenant.')
  return tenant.version
}

async function read(db: Db, tenantId: string): Promise<TenantConfig> {
  const where = { tenantId }
  const tenant = await db.tenant.findFirstOrThrow({ where: { id: tenantId } })
  const policies = await db.slaPolicy.findMany({
    where,
    orderBy: [{ order: 'asc' }, { id: 'asc' }, { version: 'asc' }],
  })
  const calendars = await db.businessCalendar.findMany({ where, orderBy: [{ id: 'asc' }, { version: 'asc' }] })
  const alerts = await db.topicAlert.findMany({ where, orderBy: { id: 'asc' } })
  const rules = await db.automationRule.findMany({
    where: { ...where, isActive: true },
    orderBy: [{ order: 'asc' }, { id: 'asc' }],
  })
  return {
    tenant,
    formula: formulaOf(tenant.scoringVersion, tenant.scoringWeights as Partial<Weights> | null),
    sla: {
      policies: policies.map(
        ({ createdAt, ...policy }) => ({ ...policy, from: createdAt.toISOString() }) as unknown as SlaPolicyVersion,
      ),
      calendars: calendars.map(
        ({ createdAt, ...calendar }) => ({ ...calendar, from: createdAt.toISOString() }) as unknown as CalendarVersion,
      ),
    },
    alerts,
    rules,
  }
}
