import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import type { EventOf } from '@quimbi/events/topics.ts'
import type { Db } from '../database.ts'
import { noteRevised } from '../profiles/revised.ts'

/** The currency of a tenant's amounts; null before Support announced it and before the first order. */
export async function tenantCurrency(db: Db, tenantId: string): Promise<string | null> {
  const [row] = await db.$queryRaw<{ currencyCode: string }[]>`
    SELECT currency_code AS "currencyCode" FROM tenant_profile WHERE tenant_id = ${tenantId}::uuid`
  return row?.currencyCode ?? null
}

/** Makes the first orders' currency the tenant's, where nothing was announced yet. @throws RetryTransaction where another was meanwhile */
export async function settleCurrency(tx: Db, tenantId: string, currencyCode: string): Promise<void> {
  const { count } = await tx.tenantProfile.createMany({ data: [{ tenantId, currencyCode }], skipDuplicates: true })
  if (count > 0) noteRevised(tx, tenantId, 'ALL')
  else if ((await tenantCurrency(tx, tenantId)) !== currencyCode) throw new RetryTransaction()
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
