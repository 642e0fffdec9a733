import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Model } from '../../generated/prisma/client.ts'
import { recordChange } from '../common/record-change.ts'
import type { Db } from '../database.ts'
import { featureVersion } from '../features/catalogue.ts'
import { requireManager } from './permissions.ts'
import { computeAnew, lockModels, putToUse, shareTraffic, type Role } from './roles.ts'

export type Promotion = { modelId: string; role: Role; trafficShare?: number | null | undefined }

const sharePath = ['input', 'trafficShare']
const withoutBody = { body: true, spread: true } as const

/**
 * Gives the models of one training another role, whichever of them is named: they are used together. All customers are computed anew if
 * it changes who serves them.
 * @throws UserErrors FORBIDDEN, INVALID, NOT_FOUND or CONFLICT
 */
export async function promoteModel(
  tx: Db,
  viewer: Viewer,
  { modelId, role, trafficShare }: Promotion,
  now: Date,
): Promise<{ model: Omit<Model, 'body' | 'spread'> }> {
  requireManager(viewer)
  const { tenantId } = viewer
  const share = shareOf(role, trafficShare)
  await lockModels(tx, tenantId)
  const where = { tenantId, id: modelId }
  const model = isUuid(modelId) ? await tx.model.findFirst({ where, omit: withoutBody }) : null
  if (!model) return refuse('NOT_FOUND', 'There is no such model.', ['input', 'modelId'])
  if (role !== 'RETIRED') requireUsable(model)
  if (role === 'CHAMPION' && model.role !== role) await putToUse(tx, tenantId, model.version)
  if (role === 'CHALLENGER') await challenge(tx, model, share)
  if (role === 'RETIRED') await retire(tx, model)
  const after = await tx.model.findFirstOrThrow({ where, omit: withoutBody })
  const changes = differences<Listed>(model, after, ['role', 'trafficShare'])
  const subject = { subjectType: 'Model', subjectId: modelId }
  if (changes.length > 0) await recordChange(tx, viewer, { now, action: 'model.role_changed', ...subject, changes })
  return { model: after }
}

type Listed = Pick<Model, 'tenantId' | 'version' | 'role' | 'trafficShare' | 'kind' | 'featureVersion'>

/** Only a challenger's share is given: the champion has the others, and who is retired has none. */
function shareOf(role: Role, share: number | null | undefined): number {
  if (share === null || share === undefined) return 0
  if (!(share >= 0 && share <= 1)) refuse('INVALID', 'A share is 0 to 1.', sharePath)
  if (role !== 'CHALLENGER') refuse('INVALID', 'Only a challenger is given a share.', sharePath)
  return share
}

function requireUsable({ kind, featureVersion: own }: Listed): void {
  if (kind === 'TRIAGE') refuse('INVALID', 'Triage is not chosen here.', ['input', 'modelId'])
  if (own !== featureVersion)
    refuse('CONFLICT', 'It reads other features than there are now. Train anew.', ['input', 'modelId'])
}

async function challenge(
  tx: Db,
  { tenantId, kind, version, role, trafficShare }: Listed,
  share: number,
): Promise<void> {
  if (role === 'CHAMPION') refuse('CONFLICT', 'It is in use. Promote another, or retire it.', ['input', 'role'])
  const other = await tx.model.findFirst({
    where: { tenantId, kind, role: 'CHALLENGER', trafficShare: { gt: 0 }, version: { not: version } },
    select: { version: true },
  })
  if (other && share > 0) refuse('CONFLICT', `The challenger ${other.version} has a share already.`, sharePath)
  await tx.model.updateMany({ where: { tenantId, version }, data: { role: 'CHALLENGER', trafficShare: share } })
  if (share === trafficShare) return
  await shareTraffic(tx, tenantId)
  await computeAnew(tx, tenantId)
}

async function retire(tx: Db, { tenantId, version, role, trafficShare }: Listed): Promise<void> {
  await tx.model.updateMany({ where: { tenantId, version }, data: { role: 'RETIRED', trafficShare: 0 } })
  if (role !== 'CHAMPION' && trafficShare === 0) return
  await shareTraffic(tx, tenantId)
  await computeAnew(tx, tenantId)
}
