import type { ModelBundle } from '../analysis/bundle.ts'
import type { Db } from '../database.ts'
import { modelsOf, type TenantModels } from '../models/registry.ts'

/** What a tenant's customers are looked at with. */
export type Lens = {
  /** Null before anything is known of the tenant: then no customer of it has an order. */
  currencyCode: string | null
  /** Goes up with whatever makes the same facts give other figures. */
  modelsVersion: number
  bundleFor(customerId: string): ModelBundle
  /** What the tenant calls churn, by whichever models. */
  horizonDays: number
}

/** The lens of one batch: one statement, the models are in memory. */
export const lensOf = async (db: Db, tenantId: string): Promise<Lens> => lensBy(await modelsOf(db, tenantId))

export const lensBy = ({ bundleFor, horizonDays, modelsVersion, currencyCode }: TenantModels): Lens => ({
  ...{ currencyCode, modelsVersion, bundleFor, horizonDays },
})
