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
  /** What the tenant calls churn, by whichever models. */
  horizonDays: number
}

/** The lens of one request, or of one batch: one statement, the models are in memory. */
export async function lensOf(db: Db, tenantId: string): Promise<Lens> {
  const { bundleFor, horizonDays, modelsVersion, currencyCode } = await modelsOf(db, tenantId)
  return { currencyCode, modelsVersion, bundleFor, horizonDays }
}
