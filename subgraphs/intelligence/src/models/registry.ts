import { createLru } from '@quimbi/service/lru.ts'
import { bundleStamp, type ModelBundle } from '../analysis/bundle.ts'
import type { Db } from '../database.ts'
import { featureVersion } from '../features/catalogue.ts'
import { decodeModel } from '../learning/codec.ts'
import { priorBundle } from './prior.ts'

/** A tenant's models and what they speak of. */
export type TenantModels = {
  bundle: ModelBundle
  /** The tenant's `modelsVersion`: insight of another is computed anew. */
  modelsVersion: number
  /** Null before Support announced the tenant and before its first order: then nothing can be said in money. */
  currencyCode: string | null
}

const defaultHorizonDays = 90
/** Of a tenant that has sold nothing yet; in whatever currency. */
const anyOrderValue = 50
/** Orders that the value of an order is taken from. */
const looked = 2_000

type Setting = { modelsVersion: number; churnHorizonDays: number | null; currencyCode: string; champion: string | null }

// Promises: two who ask at once get the same models, though orders may come in between.
const owned = createLru<string, { key: string; bundle: Promise<ModelBundle> }>(50)
const priors = createLru<string, ModelBundle>(20)

/**
 * The models that insight of a tenant is computed by: its own champion, else the shipped prior. One small statement a call; models are read
 * again only when they changed.
 */
export async function modelsOf(db: Db, tenantId: string): Promise<TenantModels> {
  const [setting] = await db.$queryRaw<Setting[]>`
    SELECT models_version AS "modelsVersion", churn_horizon_days AS "churnHorizonDays", currency_code AS "currencyCode",
      (SELECT id FROM model WHERE tenant_id = t.tenant_id AND kind = 'CHURN' AND role = 'CHAMPION')::text AS champion
    FROM tenant_profile t WHERE tenant_id = ${tenantId}::uuid`
  const { modelsVersion = 0, churnHorizonDays = null, currencyCode = null, champion = null } = setting ?? {}
  const key = `${modelsVersion} ${champion ?? ''}`
  const known = owned.get(tenantId)
  if (known?.key === key) return { bundle: await known.bundle, modelsVersion, currencyCode }
  const bundle = read(db, tenantId, champion, churnHorizonDays)
  owned.set(tenantId, { key, bundle })
  bundle.catch(() => owned.delete(tenantId))
  return { bundle: await bundle, modelsVersion, currencyCode }
}

const read = async (db: Db, tenantId: string, champion: string | null, horizonDays: number | null) =>
  (champion && (await readBundle(db, tenantId, champion))) || (await priorFor(db, tenantId, horizonDays))

/** Null where the file is of other features or damaged: then the prior serves until the next training. */
async function readBundle(db: Db, tenantId: string, id: string): Promise<ModelBundle | null> {
  const model = await db.model.findFirst({ where: { tenantId, id }, select: { body: true } })
  if (!model) return null
  try {
    return decodeModel<ModelBundle>(model.body, { ...bundleStamp, featureVersion })
  } catch {
    return null
  }
}

async function priorFor(db: Db, tenantId: string, horizonDays: number | null): Promise<ModelBundle> {
  const [row] = await db.$queryRaw<{ value: number | null }[]>`
    SELECT avg(total)::float8 AS value FROM (
      SELECT total FROM customer_order WHERE tenant_id = ${tenantId}::uuid AND total > 0 LIMIT ${looked}) AS orders`
  const options = {
    meanOrderValue: rounded(row?.value ?? anyOrderValue),
    horizonDays: horizonDays ?? defaultHorizonDays,
  }
  const key = JSON.stringify(options)
  const known = priors.get(key)
  if (known) return known
  const bundle = priorBundle(options)
  priors.set(key, bundle)
  return bundle
}

/** To two digits: shops of about the same prices share their prior. */
const rounded = (value: number): number => Number(value.toPrecision(2))
