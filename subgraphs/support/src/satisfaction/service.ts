import { createHash } from 'node:crypto'
import type { Clock } from '@quimbi/service/clock.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import { limitAttempts } from '../agents/login.ts'
import { text } from '../common/text.ts'
import type { Db, SupportDatabase } from '../database.ts'
import type { SupportDoors } from '../settings.ts'
import { changeTicket } from '../tickets/change.ts'

/** What answering needs: nobody is logged in. */
export type AnswerDependencies = Pick<SupportDoors, 'links'> & {
  database: SupportDatabase
  limiter: LoginLimiter
  clock: Clock
  address: string
}

export type Answer = { token: string; score: number; comment?: string | null | undefined }

/**
 * Keeps a customer's answer to the survey, once for each closing of the ticket. INVALID for a link that is forged or over and for a score
 * that is none, ALREADY_EXISTS for a second answer, LIMIT_EXCEEDED for who keeps trying.
 */
export async function recordSatisfaction(
  { database, links, limiter, clock, address }: AnswerDependencies,
  { token, score, comment }: Answer,
): Promise<{ deletedId: string }> {
  // The logins' own limiter, under names that no login has; what succeeds does not count.
  const attempt = { tenant: 'survey:', email: createHash('sha256').update(token).digest('base64url'), address }
  await limitAttempts(limiter, attempt)
  const now = clock.now()
  const claims = await links.read('survey', token, now)
  const closing = claims?.data?.['closing']
  if (!claims || !isUuid(claims.subject) || typeof closing !== 'number')
    return refuse('INVALID', 'This link is not valid, or not any more.', ['input', 'token'])
  if (!Number.isInteger(score) || score < 1 || score > 5) refuse('INVALID', 'The score is 1 to 5.', ['input', 'score'])
  const said = comment?.trim() ? text(comment, { path: ['input', 'comment'], max: 2_000 }) : null
  const { tenantId, subject: id } = claims
  await database.transact(tenantId, (tx) => keepAnswer(tx, { tenantId, id, closing, score, comment: said, now }))
  await limiter.succeeded(attempt)
  return { deletedId: id }
}

type Kept = { tenantId: string; id: string; closing: number; score: number; comment: string | null; now: Date }

/** Keeps an answer to the closing at `closing`, in milliseconds. ALREADY_EXISTS if there is one to it. */
export async function keepAnswer(tx: Db, { tenantId, id, closing, score, comment, now }: Kept): Promise<void> {
  const path = ['input', 'token']
  const ticket = await tx.ticket.findFirst({ where: { tenantId, id }, select: { customerId: true } })
  if (!ticket) return refuse('NOT_FOUND', 'The conversation is gone.', path)
  const who = { actor: { kind: 'customer' as const, id: ticket.customerId } }
  await changeTicket(tx, { tenantId, who, now, id, path }, async ({ ticket: { assigneeId: agentId } }) => {
    const where = { tenantId, ticketId: id }
    const before = await tx.satisfaction.findFirst({ where })
    // An answer to an earlier closing makes room for one to a later.
    if (before && before.answeredAt.getTime() >= closing)
      refuse('ALREADY_EXISTS', 'This was answered already. Thank you!', path)
    const data = { score, comment, agentId, answeredAt: now }
    if (before) await tx.satisfaction.updateMany({ where, data })
    else await tx.satisfaction.create({ data: { ...where, ...data } })
    return [{ type: 'SATISFACTION_RECORDED', data: { score } }]
  })
}
