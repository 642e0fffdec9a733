import { defineJob, enqueue, type Job } from '@quimbi/database/jobs.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import { conversationContext } from '../context/gather.ts'
import type { Db, SupportDatabase } from '../database.ts'
import { createLoaders } from '../loaders.ts'
import type { DraftSource } from './client.ts'

const request = {
  name: 'support.draft',
  schema: z.object({ tenantId: z.uuid(), ticketId: z.uuid() }),
}
type Request = z.infer<typeof request.schema>

/** Has a ticket's draft prepared; what waits already is enough. In the caller's transaction. */
export const wantDraft = (tx: Db, asked: Request): Promise<void> =>
  enqueue(tx, { ...request, run: async () => {} }, asked, { key: asked.ticketId })

type Dependencies = { database: SupportDatabase; log: Logger; drafts?: DraftSource | undefined }

/** Whoever opens the ticket has one written in any case. */
const mostAttempts = 3

/** Tells Intelligence the conversation as it is now, so that the reply is written before anybody opens the ticket. */
export const draftJob = ({ database, log, drafts }: Dependencies): Job<Request> =>
  defineJob({
    ...request,
    async run({ tenantId, ticketId }, { attempt, signal }) {
      if (!drafts || attempt > mostAttempts) return
      const db = database.forTenant(tenantId)
      const ticket = await db.ticket.findFirst({
        where: { tenantId, id: ticketId, status: { not: 'CLOSED' }, mergedIntoId: null },
      })
      if (!ticket) return
      const viewer = { kind: 'service', service: 'support', tenantId } as const
      const context = await conversationContext(ticket, createLoaders(db, viewer))
      if (!isWaiting(context.turns)) return
      const refusal = await drafts.prepare({ tenantId, ticketId, customerId: ticket.customerId, context }, signal)
      // A later revision's own job is under way.
      if (refusal !== null && refusal !== 'CONVERSATION_ADVANCED')
        log.warn({ tenantId, ticketId, refusal }, 'a draft was not prepared')
    },
  })

/** Whether the customer said something last. */
const isWaiting = (turns: readonly { fromAgent: boolean }[]): boolean => turns.at(-1)?.fromAgent === false
