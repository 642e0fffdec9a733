import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Policy } from '../../generated/prisma/client.ts'
import { need, needToRead } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import { amount } from '../tenants/amount.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'

type Optional<T> = T | null | undefined

export type PolicyInput = {
  id?: Optional<string>
  kind: string
  name: string
  text: string
  maxCompensation?: Optional<string>
  maxDiscountPercent?: Optional<number>
  isActive?: Optional<boolean>
}

const path = (field: string): string[] => ['input', field]
const shown = ['kind', 'name', 'text', 'maxCompensation', 'maxDiscountPercent', 'isActive'] as const

/** The tenant's policies by kind and name, those not in force included. */
export async function listPolicies(db: Db, viewer: Viewer): Promise<Policy[]> {
  needToRead(viewer, 'config:read')
  return db.policy.findMany({
    where: { tenantId: viewer.tenantId },
    orderBy: [{ kind: 'asc' }, { name: 'asc' }, { id: 'asc' }],
  })
}

/** Adds a policy, or replaces one as a whole: a limit that is not given is none. */
export async function savePolicy(tx: Db, viewer: Viewer, input: PolicyInput, now: Date): Promise<Policy> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  const { maxCompensation, maxDiscountPercent: discount } = input
  if (typeof discount === 'number' && !(discount >= 0 && discount <= 100))
    refuse('INVALID', 'A discount lies between 0 and 100.', path('maxDiscountPercent'))
  const data = {
    kind: input.kind,
    name: text(input.name, { path: path('name'), max: 200 }),
    text: text(input.text, { path: path('text'), max: 20_000 }),
    maxCompensation: typeof maxCompensation === 'string' ? amount(maxCompensation, path('maxCompensation')) : null,
    maxDiscountPercent: discount ?? null,
    isActive: input.isActive ?? true,
    updatedAt: now,
  }
  const before = input.id ? await findPolicy(tx, tenantId, input.id) : null
  const id = before?.id ?? newId()
  if (before) await tx.policy.updateMany({ where: { tenantId, id }, data })
  else await tx.policy.create({ data: { tenantId, id, createdAt: now, ...data } })
  const saved = await tx.policy.findFirstOrThrow({ where: { tenantId, id } })
  await recordAudit(tx, {
    tenantId,
    who: doerOf(viewer),
    now,
    action: before ? 'policy.changed' : 'policy.created',
    subjectType: 'policy',
    subjectId: id,
    changes: differences<Policy>(before ?? {}, saved, shown),
  })
  return saved
}

async function findPolicy(tx: Db, tenantId: string, id: string): Promise<Policy> {
  const policy = isUuid(id) ? await tx.policy.findFirst({ where: { tenantId, id } }) : null
  return policy ?? refuse('NOT_FOUND', 'There is no such policy.', path('id'))
}
