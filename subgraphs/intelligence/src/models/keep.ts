import { newId } from '@quimbi/database/ids.ts'
import { bundleStamp } from '../analysis/bundle.ts'
import type { Db } from '../database.ts'
import { featureVersion } from '../features/catalogue.ts'
import { encodeModel } from '../learning/codec.ts'
import { isBetter, type Judgement } from './judge.ts'
import { modelKinds } from './kinds.ts'
import { putToUse } from './roles.ts'
import type { Taught } from './work.ts'

export type Trained = Taught & { judgements: { candidate: Judgement; champion: Judgement; hasSeenHoldout: boolean } }

/**
 * Keeps a training: one row a kind, all of one version; the churn model's row holds the body of them all, and how their features were spread.
 * It comes into use if it is better than what is in use and not of an earlier instant; else it is a challenger of no customer yet, in the place of the last such one.
 */
export async function keepTrained(
  tx: Db,
  tenantId: string,
  { bundle, spread, judgements }: Trained,
  now: Date,
): Promise<boolean> {
  const idle = { tenantId, role: 'CHALLENGER', trafficShare: 0, kind: { in: [...modelKinds] } }
  await tx.model.updateMany({ where: idle, data: { role: 'RETIRED' } })
  const body = Buffer.from(encodeModel(bundle, { ...bundleStamp, featureVersion }))
  await tx.model.createMany({
    data: modelKinds.map((kind) => ({
      ...{ tenantId, id: newId(), kind, version: bundle.version, role: 'CHALLENGER', trafficShare: 0 },
      ...{ seed: bundle.seed, featureVersion, trainedAt: now, trainedOn: bundle.trainedOn },
      windowFrom: new Date(0),
      windowTo: new Date(bundle.asOf),
      metrics: metricsOf(kind, judgements),
      ...(kind === 'CHURN' ? { body, spread } : { body: Buffer.alloc(0) }),
    })),
  })
  const { candidate, champion, hasSeenHoldout } = judgements
  const isPromoted = isBetter(candidate, champion, hasSeenHoldout) && !(await isOlder(tx, tenantId, bundle.asOf))
  if (isPromoted) await putToUse(tx, tenantId, bundle.version)
  return isPromoted
}

/** Whether the champion has learnt from later days: one of an earlier instant was judged on an earlier holdout, and takes its place by hand alone. */
async function isOlder(tx: Db, tenantId: string, asOf: number): Promise<boolean> {
  const where = { tenantId, kind: 'CHURN', role: 'CHAMPION', windowTo: { gt: new Date(asOf) } }
  return (await tx.model.count({ where })) > 0
}

function metricsOf(kind: (typeof modelKinds)[number], { candidate, champion, hasSeenHoldout }: Trained['judgements']) {
  const { customers } = candidate
  if (kind === 'CHURN') return { customers, ...candidate.churn, champion: { ...champion.churn, hasSeenHoldout } }
  if (kind === 'LTV') return { customers, ...candidate.ltv, champion: { ...champion.ltv, hasSeenHoldout } }
  return { customers }
}
