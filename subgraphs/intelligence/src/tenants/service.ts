import type { EventOf } from '@quimbi/events/topics.ts'
import type { Db } from '../database.ts'
import { noteRevised } from '../profiles/revised.ts'

/** The currency of a tenant's amounts; null before Support announced it and before the first order. */
export async function tenantCurrency(db: Db, tenantId: string): Promise<string | null> {
  const [row] = await db.$queryRaw<{ currencyCode: string }[]>`
    SELECT currency_code AS "currencyCode" FROM tenant_profile WHERE tenant_id = ${tenantId}::uuid`
  return row?.currencyCode ?? null
}

/** The tenant's currency; the first order's where nothing was announced yet. */
export async function settleCurrency(tx: Db, tenantId: string, proposed: string): Promise<string> {
  const data = [{ tenantId, currencyCode: proposed }]
  const { count } = await tx.tenantProfile.createMany({ data, skipDuplicates: true })
  if (count > 0) noteRevised(tx, tenantId, 'ALL')
  return (await tenantCurrency(tx, tenantId)) ?? proposed
}

/** Takes over what Support says of its tenants; the last word counts. */
export async function recordTenants(tx: Db, events: readonly EventOf<'tenant.saved'>[]): Promise<void> {
  for (const { tenantId, payload } of events) {
    noteRevised(tx, tenantId, 'ALL')
    await tx.$executeRaw`
      INSERT INTO tenant_profile (tenant_id, currency_code, announced) VALUES (${tenantId}::uuid, ${payload.currencyCode}, true)
      ON CONFLICT (tenant_id) DO UPDATE SET currency_code = excluded.currency_code, announced = true`
  }
}
