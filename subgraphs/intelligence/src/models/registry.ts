import { channel } from 'node:diagnostics_channel'
import { createLru } from '@quimbi/service/lru.ts'
import { bundleStamp, type ModelBundle } from '../analysis/bundle.ts'
import type { Db } from '../database.ts'
import { featureVersion } from '../features/catalogue.ts'
import { decodeModel } from '../learning/codec.ts'
import { typicalOrderValue } from './order-value.ts'
import { priorOf } from './priors.ts'
import { isChallenged } from './traffic.ts'

/** A tenant's models and what they speak of. */
export type TenantModels = {
  /** The champion, else the shipped prior. */
  bundle: ModelBundle
  /** What this customer's insight is computed by: the champion, or the challenger that has a share of the customers. */
  bundleFor(customerId: string): ModelBundle
  /** What the tenant calls churn, days. */
  horizonDays: number
  /** The tenant's `modelsVersion`: insight of another is computed anew. */
  modelsVersion: number
  /** Null before Support announced the tenant and before its first order: then nothing can be said in money. */
  currencyCode: string | null
}

/** Told of each stored model that cannot be read, once each time it would be put to use: an `UnreadableModel`. */
export const unreadableModels = channel('quimbi.intelligence.unreadable-models')
/** Told a tenant's id when the shipped models it is served by are adjusted to its prices anew, which no version shows. */
export const repricedTenants = channel('quimbi.intelligence.repriced-tenants')

export type UnreadableModel = { tenantId: string; modelId: string; reason: string }

/** Of a tenant that says nothing else, and whose customers' rhythm was not measured. */
export const defaultHorizonDays = 90
/** Of a tenant that has sold nothing yet; in whatever currency. */
const anyOrderValue = 50
/** Orders that the value of an order is taken from. */
const looked = 1_000

/** A row of `settingQuery`. */
export type Setting = {
  modelsVersion: number
  horizonDays: number
  currencyCode: string
  champion: string | null
  challenger: string | null
  share: number | null
  orders: number
}
type Read = { champion: ModelBundle; challenger: ModelBundle | null }
type Kept = { key: string; size: number; read: Promise<Read> }

const unknown = { modelsVersion: 0, horizonDays: defaultHorizonDays, currencyCode: null, champion: null, orders: 0 }

// Promises: two who ask at once get the same models, though orders may come in between.
const owned = createLru<string, Kept>(50)

/**
 * The models that insight of a tenant is computed by. One small statement a call; models are read again only when they changed, and the shipped
 * ones are adjusted to the tenant's prices at its 1st, 10th, 100th and 1,000th order.
 */
export async function modelsOf(db: Db, tenantId: string): Promise<TenantModels> {
  const { counted, read } = settingReader(db, tenantId)
  const [setting] = await db.$queryRawUnsafe<Setting[]>(settingQuery('$2'), tenantId, counted)
  return read(setting)
}

/** For who asks for the setting together with something else. */
export function settingReader(db: Db, tenantId: string) {
  const known = owned.get(tenantId)

  async function read(found: Setting | undefined): Promise<TenantModels> {
    const setting = found ?? { ...unknown, challenger: null, share: null }
    const { modelsVersion, horizonDays, currencyCode, champion, challenger, share } = setting
    const size = Math.max(setting.orders === 0 ? 0 : String(setting.orders).length, isSettled(known) ? settled : 0)
    const key = [modelsVersion, champion, challenger, champion ? '' : size].join(' ')
    const kept = owned.get(tenantId)
    const { champion: bundle, challenger: other } = await (kept?.key === key
      ? kept.read
      : keep(key, size, { champion, challenger }))
    const bundleFor = (customerId: string) => (other && isChallenged(customerId, share ?? 0) ? other : bundle)
    return { bundle, bundleFor, horizonDays, modelsVersion, currencyCode }
  }

  function keep(key: string, size: number, ids: Ids): Promise<Read> {
    const kept = { key, size, read: readBoth(db, tenantId, ids) }
    owned.set(tenantId, kept)
    if (known && known.size !== size) repricedTenants.publish(tenantId)
    kept.read.catch(() => {
      if (owned.get(tenantId) === kept) owned.delete(tenantId)
    })
    return kept.read
  }

  return {
    /** How many of the tenant's orders are counted at most. */
    counted: isSettled(known) ? 0 : looked,
    read,
  }
}

const settled = String(looked).length
/** More orders would hardly change what an order is worth. */
const isSettled = (known: Kept | undefined): boolean => known?.size === settled

/** The setting of the tenant $1, of whose orders so many are counted as the parameter says. */
export const settingQuery = (counted: `$${number}`): string => `
  SELECT models_version AS "modelsVersion", coalesce(churn_horizon_days, measured_horizon_days, ${defaultHorizonDays}) AS "horizonDays",
    currency_code AS "currencyCode", champion.id::text AS champion, challenger.id::text AS challenger, challenger.share,
    CASE WHEN champion.id IS NULL THEN (SELECT count(*)::int FROM (
      SELECT FROM customer_order WHERE tenant_id = t.tenant_id AND total > 0 LIMIT ${counted}::int) AS o) ELSE 0 END AS orders
  FROM tenant_profile t
  LEFT JOIN model champion ON champion.tenant_id = t.tenant_id AND champion.kind = 'CHURN' AND champion.role = 'CHAMPION'
  LEFT JOIN LATERAL (
    SELECT id, traffic_share AS share FROM model
    WHERE tenant_id = t.tenant_id AND kind = 'CHURN' AND role = 'CHALLENGER' AND traffic_share > 0
    ORDER BY trained_at DESC, id LIMIT 1
  ) AS challenger ON true
  WHERE t.tenant_id = $1::uuid`

type Ids = Pick<Setting, 'champion' | 'challenger'>

async function readBoth(db: Db, tenantId: string, ids: Ids): Promise<Read> {
  return {
    champion: (ids.champion && (await readBundle(db, tenantId, ids.champion))) || (await priorFor(db, tenantId)),
    challenger: ids.challenger ? await readBundle(db, tenantId, ids.challenger) : null,
  }
}

/** Null where the file is of other features or damaged: then the prior serves until the next training. */
async function readBundle(db: Db, tenantId: string, modelId: string): Promise<ModelBundle | null> {
  const model = await db.model.findFirst({ where: { tenantId, id: modelId }, select: { body: true } })
  if (!model) return null
  try {
    return decodeModel<ModelBundle>(model.body, { ...bundleStamp, featureVersion })
  } catch (error) {
    const { extensions } = error as { extensions?: { reason?: string } }
    const reason = extensions?.reason ?? 'MODEL_DAMAGED'
    unreadableModels.publish({ tenantId, modelId, reason } satisfies UnreadableModel)
    return null
  }
}

async function priorFor(db: Db, tenantId: string): Promise<ModelBundle> {
  const rows = await db.$queryRaw<{ total: number }[]>`
    SELECT total::float8 AS total FROM customer_order WHERE tenant_id = ${tenantId}::uuid AND total > 0 LIMIT ${looked}`
  return priorOf(rounded(typicalOrderValue(rows.map(({ total }) => total)) ?? anyOrderValue))
}

/** To two digits: shops of about the same prices share their prior. */
const rounded = (value: number): number => Number(value.toPrecision(2))
