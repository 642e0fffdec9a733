import { setTimeout as pause } from 'node:timers/promises'
import { UserErrors } from '@quimbi/service/errors.ts'
import type { Asking } from '../../advice/subject.ts'
import type { Db } from '../../database.ts'
import type { Assistant } from '../assistant.ts'
import type { Composed } from '../composer.ts'
import { usualTone } from '../limits/limits.ts'
import type { Channel, DraftLength, Situation, Tone, Wish } from '../situation.ts'
import { situationIn, surroundingsOf, type Surroundings, type ToldTicket } from '../situations/situation.ts'
import type { Generator, WriteOptions } from '../written.ts'
import { basisOf, identityOf, type Basis, type Identity } from './key.ts'
import { holdRecord, isOnRecord, keepDraft, type KeptDraft } from './store.ts'

/** What drafts are written with. */
export type Means = Asking & {
  assistant: Assistant
  transact<T>(run: (tx: Db) => Promise<T>): Promise<T>
}

export type TicketToWrite = ToldTicket & { ticketId: string }

type Optional<T> = T | null | undefined
export type Wished = { tone?: Optional<Tone>; length?: Optional<DraftLength> }

export const wishOf = (channel: Channel, { tone, length }: Wished): Wish => ({
  tone: tone ?? usualTone(channel),
  length: length ?? 'MEDIUM',
})

/** What is to be written, and by what; nothing was written yet. */
export type Plan = {
  ticket: TicketToWrite
  wish: Wish
  around: Surroundings
  basis: Basis
  generator: Generator | undefined
  /** whether the customer was on record before anything was written; looked up when that begins */
  wasKnown?: boolean
}

const builtInName = 'built-in'
const purpose = 'draft'

export async function planDraft(means: Means, ticket: TicketToWrite, wish: Wish): Promise<Plan> {
  const around = await surroundingsOf(means, ticket)
  const generator = means.assistant.model?.generatorFor(means.viewer.tenantId, purpose)
  return { ticket, wish, around, basis: basisOf(ticket, around), generator }
}

/**
 * The draft of this plan: the one that was kept, else a new one, which is kept. Who asks for the same one at the same time gets the same. With a
 * model it is waited for `waitMs`; the built-in writer answers meanwhile, and what the model writes is there the next time.
 */
export async function draftOf(means: Means, planned: Plan, waitMs: number): Promise<KeptDraft> {
  const known = await knownDraft(means, planned)
  if (known) return known
  const plan = { ...planned, wasKnown: await isKnown(means, planned) }
  const writing = write(means, plan)
  if (!plan.generator) return writing
  const inTime = await Promise.race([writing.catch(unlessRefused), waited(waitMs, writing)])
  if (inTime) return inTime
  const plain = { ...plan, generator: undefined }
  return (await knownDraft(means, plain)) ?? write(means, plain)
}

export const knownDraft = ({ loaders, viewer }: Means, plan: Plan): Promise<KeptDraft | null> =>
  loaders.draftById.load(identified(viewer.tenantId, plan).id)

const nothing = (): undefined => undefined

/** What is refused to the model is refused to the built-in writer too. */
function unlessRefused(error: unknown): undefined {
  if (error instanceof UserErrors) throw error
}

/** Resolves with nothing once it took too long; not later than the work. */
async function waited(ms: number, work: Promise<unknown>): Promise<undefined> {
  const over = new AbortController()
  work.then(nothing, nothing).finally(() => over.abort())
  await pause(ms, undefined, { signal: over.signal }).catch(nothing)
  return undefined
}

const identified = (tenantId: string, { ticket, basis, wish, generator }: Plan): Identity =>
  identityOf(tenantId, ticket, { basis, wish, generator: generator?.name ?? builtInName })

/** It goes on when whoever asked has left: somebody opens the ticket again. */
function write(means: Means, plan: Plan): Promise<KeptDraft> {
  const { id } = identified(means.viewer.tenantId, plan)
  return means.assistant.drafts.share(id, (signal) => writeDraft(means, plan, { signal }))
}

/** Writes it and keeps it; not of somebody who was erased meanwhile. */
export async function writeDraft(means: Means, plan: Plan, options: WriteOptions): Promise<KeptDraft> {
  const { assistant, transact, viewer } = means
  const { customerId } = plan.ticket
  const wasKnown = plan.wasKnown ?? (await isKnown(means, plan))
  const situation = await situationIn(means, plan.ticket, plan.around)
  const { generator, wish } = plan
  const composed = await assistant.compose(situation, wish, { ...options, generator, metrics: assistant.metrics })
  const draft = rowOf(means, plan, { situation, composed })
  return transact(async (tx) => {
    if (wasKnown) await holdRecord(tx, viewer.tenantId, customerId)
    return keepDraft(tx, { ...draft, context: plan.ticket.context })
  })
}

const isKnown = ({ db, viewer }: Means, { ticket }: Plan): Promise<boolean> =>
  isOnRecord(db, viewer.tenantId, ticket.customerId)

/** A model that was away may be back the next time: what was written in its stead is kept as the built-in writer's own. */
function rowOf(
  { viewer: { tenantId }, now }: Means,
  plan: Plan,
  { situation, composed }: { situation: Situation; composed: Composed },
) {
  const { ticket, wish, basis } = plan
  const isAway = composed.fallback === 'away' || composed.fallback === 'late'
  const { content, citations, personalization, reasoning, confidence, generator } = composed
  return {
    ...identified(tenantId, isAway ? { ...plan, generator: undefined } : plan),
    ...{ tenantId, content, reasoning, confidence, generator, basis },
    ...{ ticketId: ticket.ticketId, customerId: ticket.customerId, channel: situation.channel, ...wish },
    citations: citations.map((citation) => ({ ...citation })),
    personalization: [...personalization],
    intent: situation.triage?.intent?.label ?? null,
    basedOn: basis.conversation,
    generatedAt: now,
  }
}
