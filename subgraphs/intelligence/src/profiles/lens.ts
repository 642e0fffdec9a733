import type { ModelBundle } from '../analysis/bundle.ts'
import type { Db } from '../database.ts'
import { modelsOf } from '../models/registry.ts'

/** What a tenant's customers are looked at with. */
export type Lens = {
  /** Null before anything is known of the tenant: then no customer of it has an order. */
  currencyCode: string | null
  /** Goes up with whatever makes the same facts give other figures. */
  modelsVersion: number
  bundleFor(customerId: string): ModelBundle
  /** What the tenant calls churn; the model's own horizon unless it said otherwise. */
  horizonFor(bundle: ModelBundle): number
}

/** The lens of one request, or of one batch: two statements at most, the models are in memory. */
export async function lensOf(db: Db, tenantId: string): Promise<Lens> {
  const { bundle, modelsVersion, currencyCode } = await modelsOf(db, tenantId)
  const [settings] = await db.$queryRaw<{ churnHorizonDays: number | null }[]>`
    SELECT churn_horizon_days AS "churnHorizonDays" FROM tenant_profile WHERE tenant_id = ${tenantId}::uuid`
  return {
    currencyCode,
    modelsVersion,
    bundleFor: () => bundle,
    horizonFor: ({ churn }) => settings?.churnHorizonDays ?? churn.horizonDays,
  }
}
