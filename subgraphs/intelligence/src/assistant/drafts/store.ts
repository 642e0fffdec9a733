import { refuse } from '@quimbi/service/errors.ts'
import type { Draft as DraftRow } from '../../../generated/prisma/client.ts'
import { Prisma } from '../../../generated/prisma/client.ts'
import type { Db } from '../../database.ts'
import { isNewer } from './key.ts'

/** A draft without the conversation that was kept with it. */
export type KeptDraft = Omit<DraftRow, 'context'>
export type NewDraft = KeptDraft & { ticketId: string; context: object }

const omit = { context: true } as const

/** Those of the drafts that were kept, in one statement. */
export const draftsById = (db: Db, tenantId: string, ids: readonly string[]): Promise<KeptDraft[]> =>
  db.draft.findMany({ where: { tenantId, id: { in: [...ids] } }, omit })

/** Whether Intelligence has a record of the customer, which goes when they are erased, or are found to be somebody else. */
export async function isOnRecord(db: Db, tenantId: string, customerId: string): Promise<boolean> {
  return (await db.customer.findFirst({ where: { tenantId, id: customerId }, select: { id: true } })) !== null
}

/**
 * Holds the customer's record until the transaction ends: an erasure that came first is waited for, one that comes later finds the draft. Whoever
 * erases locks the record before the drafts too.
 * @throws UserErrors NOT_FOUND where the record is gone
 */
export async function holdRecord(tx: Db, tenantId: string, customerId: string): Promise<void> {
  const rows = await tx.$queryRaw<object[]>`
    SELECT 1 FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ${customerId}::uuid FOR KEY SHARE`
  if (rows.length === 0) refuse('NOT_FOUND', 'The customer was erased while this was written.')
}

/**
 * Keeps a draft, once: of two that write the same one at the same time, both get the one that was first. The conversation stays with the ticket's
 * newest revision alone.
 */
export async function keepDraft(tx: Db, { context, ...draft }: NewDraft): Promise<KeptDraft> {
  const { tenantId, ticketId, id, basedOn } = draft
  const revisions = await revisionsOf(tx, tenantId, ticketId)
  const isLatest = !revisions.some((known) => known !== basedOn && isNewer(known, basedOn))
  const { count } = await tx.draft.createMany({
    data: [
      {
        ...draft,
        citations: draft.citations as Prisma.InputJsonValue,
        basis: draft.basis as Prisma.InputJsonValue,
        context: isLatest ? (context as Prisma.InputJsonValue) : Prisma.DbNull,
      },
    ],
    skipDuplicates: true,
  })
  if (count === 0) return (await tx.draft.findFirst({ where: { tenantId, id }, omit })) ?? draft
  if (isLatest && revisions.some((known) => known !== basedOn)) {
    await tx.draft.updateMany({
      where: { tenantId, ticketId, basedOn: { not: basedOn } },
      data: { context: Prisma.DbNull },
    })
  }
  return draft
}

/** The conversation's revisions that drafts of the ticket were written of. */
export async function revisionsOf(db: Db, tenantId: string, ticketId: string): Promise<string[]> {
  const rows = await db.draft.findMany({
    where: { tenantId, ticketId },
    distinct: ['basedOn'],
    select: { basedOn: true },
  })
  return rows.map(({ basedOn }) => basedOn)
}

const keptMs = 30 * 86_400_000

/** Deletes the drafts of all tenants that are older than a month. How many. */
export async function purgeDrafts(system: Db, now: Date): Promise<number> {
  const { count } = await system.draft.deleteMany({ where: { generatedAt: { lt: new Date(now.getTime() - keptMs) } } })
  return count
}
