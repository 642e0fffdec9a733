import { newId } from '@quimbi/database/ids.ts'
import { bundleStamp, type ModelBundle } from '../src/analysis/bundle.ts'
import { featureVersion } from '../src/features/catalogue.ts'
import { encodeModel } from '../src/learning/codec.ts'
import { modelKinds } from '../src/models/kinds.ts'
import { priorOf } from '../src/models/priors.ts'
import type { Role } from '../src/models/roles.ts'
import type { Spread } from '../src/models/spread.ts'
import { startOfTime, type World } from './kit.ts'

/** Models as a training would keep them. */
export type Kept = {
  role?: Role
  share?: number
  version?: string
  featureVersion?: string
  spread?: Spread
  body?: Buffer<ArrayBuffer>
}

/** Keeps the shipped models as a tenant's own, without a training: what differs is what they are called. */
export async function keepModels(world: World, tenantId: string, kept: Kept = {}) {
  const { role = 'CHAMPION', version = `own-${newId()}`, spread = [] } = kept
  const body = kept.body ?? (await bodyOf(version))
  const [trafficShare, trainedAt] = [kept.share ?? (role === 'CHAMPION' ? 1 : 0), new Date(startOfTime)]
  const ids = Object.fromEntries(modelKinds.map((kind) => [kind, newId()]))
  await world.database.forTenant(tenantId).model.createMany({
    data: modelKinds.map((kind) => ({
      ...{ tenantId, id: ids[kind]!, kind, version, role, trafficShare, trainedAt },
      ...{ seed: 1, trainedOn: 900, windowFrom: new Date(0), windowTo: trainedAt, metrics: {} },
      featureVersion: kept.featureVersion ?? featureVersion,
      ...(kind === 'CHURN' ? { body, spread } : { body: Buffer.alloc(0) }),
    })),
  })
  return { version, id: ids['CHURN']!, ids }
}

/** The shipped models as they are stored. */
export async function bodyOf(version: string, stamp = featureVersion): Promise<Buffer<ArrayBuffer>> {
  const bundle: ModelBundle = { ...(await priorOf(50)), source: 'OWN', version }
  return Buffer.from(encodeModel(bundle, { ...bundleStamp, featureVersion: stamp }))
}

/** What is kept of a tenant's churn models, and of its settings. */
export async function stateOf({ rows }: World, tenantId: string) {
  const roles = await rows<{ version: string; kind: string; role: string; share: number }>(
    `SELECT version, role, traffic_share AS share FROM model WHERE tenant_id = $1 AND kind = 'CHURN' ORDER BY version`,
    tenantId,
  )
  const [marks] = await rows<{ n: number }>(
    'SELECT count(*)::int AS n FROM stale_customer WHERE tenant_id = $1',
    tenantId,
  )
  const [profile] = await rows<{ modelsVersion: number }>(
    'SELECT models_version AS "modelsVersion" FROM tenant_profile WHERE tenant_id = $1',
    tenantId,
  )
  return {
    roles: Object.fromEntries(roles.map(({ version, role, share }) => [version, [role, share]])),
    marks: marks?.n ?? 0,
    modelsVersion: profile?.modelsVersion ?? null,
  }
}
