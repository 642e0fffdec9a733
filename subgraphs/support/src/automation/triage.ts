import { newId } from '@quimbi/database/ids.ts'
import { z } from 'zod'
import type { Ticket } from '../../generated/prisma/client.ts'
import type { DecisionField, NewDecision } from '../decisions/record.ts'
import type { Undone } from '../decisions/undone.ts'
import { numberText } from '../decisions/values.ts'
import type { ActorRef } from '../log/actors.ts'
import type { Step, TicketPatch } from '../tickets/steps.ts'
import { tagSteps } from '../tickets/tags.ts'
import { priorities } from './language.ts'

const label = z.string().trim().min(1).max(100)
const share = z.number().min(0).max(1)

/** What somebody who read a message makes of it; `confidence` 0 to 1, of all of it. Sentiment: 0 negative; difficulty: 0 easy. */
export const triageSchema = z.object({
  sentiment: share.nullish(),
  difficulty: share.nullish(),
  intent: label.nullish(),
  category: label.nullish(),
  priority: z.enum(priorities).nullish(),
  tags: z.array(label).max(20).default([]),
  orderNumbers: z.array(z.string().trim().min(1).max(40)).max(20).default([]),
  confidence: share,
  /** of single decisions, by field (a label's as `TAG label`), where they are told apart */
  confidences: z.record(z.string(), share).default({}),
  evidence: z.array(z.string().max(500)).max(20).default([]),
})
export type Triage = z.infer<typeof triageSchema>

/** Reads a customer's message; null when it makes nothing of it. May reject; ends when aborted. */
export type TriageSource = (
  about: {
    tenantId: string
    ticketId: string
    messageId: string
    subject: string
    channel: string
    text: string
    /** The conversation with that message in it, oldest first. */
    turns: readonly { fromAgent: boolean; content: string }[]
  },
  signal: AbortSignal,
) => Promise<z.input<typeof triageSchema> | null>

/** Below it nothing is changed. */
export const surely = 0.6

/** A decision about the ticket that stands, as far as triage looks at it. */
export type Standing = { field: string; to: string; madeBy: unknown }

export type TriageMeans = {
  by: ActorRef
  undone: Undone
  /** Decisions of this ticket that stand, newest first. */
  decisions: readonly Standing[]
  /** Whether its priority was ever changed. */
  isPriorityTouched: boolean
}

type Value = { field: DecisionField; from: string | null; to: string; set: TicketPatch; type: Step['type'] }

/** The steps of a triage: only where it is sure, never over what a person or a rule said, and nothing that was taken back. Pure but for new ids. */
export function triageSteps(ticket: Ticket, triage: Triage, means: TriageMeans): Step[] {
  if (triage.confidence < surely) return []
  const { intent, orderNumbers } = triage
  const plain: TicketPatch = {
    ...(intent && intent !== ticket.intent && { intent }),
    ...(orderNumbers.some((one) => !ticket.orderNumbers.includes(one)) && {
      orderNumbers: [...new Set([...ticket.orderNumbers, ...orderNumbers])].slice(0, 100),
    }),
  }
  const read: Step[] =
    Object.keys(plain).length > 0 ? [{ type: 'TICKET_UPDATED', set: plain, reason: 'Read from the message.' }] : []
  const values = valuesOf(ticket, triage, means).filter((value) => !means.undone.has(value))
  return [...read, ...values.flatMap((value) => withDecision(value, triage)), ...labelSteps(ticket, triage, means)]
}

function valuesOf(ticket: Ticket, { sentiment, difficulty, category, priority }: Triage, means: TriageMeans): Value[] {
  const updated = (field: DecisionField, from: string | null, to: string | null, set: TicketPatch): Value[] =>
    to !== null && to !== from && isOurs(field, from, means) ? [{ field, from, to, set, type: 'TICKET_UPDATED' }] : []
  const isDefault = ticket.priority === 'NORMAL' && !means.isPriorityTouched
  const mayRank = isDefault || isLatest('PRIORITY', ticket.priority, means)
  return [
    ...updated('SENTIMENT', numberText(ticket.sentiment), numberText(sentiment ?? null), {
      sentiment: sentiment ?? null,
    }),
    ...updated('DIFFICULTY', numberText(ticket.difficulty), numberText(difficulty ?? null), {
      difficulty: difficulty ?? null,
    }),
    ...updated('CATEGORY', ticket.category, category ?? null, { category: category ?? null }),
    ...(priority && priority !== ticket.priority && mayRank
      ? [
          {
            field: 'PRIORITY',
            from: ticket.priority,
            to: priority,
            set: { priority },
            type: 'PRIORITY_CHANGED',
          } as const,
        ]
      : []),
  ]
}

/** Nobody said anything yet, or what stands is a model's own. */
const isOurs = (field: DecisionField, now: string | null, means: TriageMeans): boolean =>
  now === null || isLatest(field, now, means)

function isLatest(field: DecisionField, now: string, { decisions }: TriageMeans): boolean {
  const latest = decisions.find((decision) => decision.field === field)
  return latest?.to === now && (latest.madeBy as { system?: string }).system === 'MODEL'
}

/** A label that was decided before and is gone was taken away by somebody. */
function labelSteps(ticket: Ticket, triage: Triage, { by, undone, decisions }: TriageMeans): Step[] {
  let now = ticket
  return triage.tags.flatMap((to) => {
    const choice = { field: 'TAG', from: null, to } as const
    const isDecided = decisions.some((decision) => decision.field === 'TAG' && decision.to === to)
    if (isDecided || undone.has(choice) || now.tags.length >= 50) return []
    const [step] = tagSteps(now, [to], { by, confidence: triage.confidences[tagKey(to)] ?? triage.confidence })
    if (!step) return []
    now = { ...now, ...step.set } as Ticket
    return [step, made(choice, triage)]
  })
}

const withDecision = ({ set, type, ...choice }: Value, triage: Triage): Step[] => [
  { type, set, reason: explanation },
  made(choice, triage),
]

const tagKey = (label: string): string => `TAG ${label}`

const explanation = 'Triage read it from the customer’s message.'

const made = (
  { field, from, to }: Pick<NewDecision, 'field' | 'from' | 'to'>,
  { confidence, confidences, evidence }: Triage,
): Step => ({
  type: 'DECISION_MADE',
  reason: explanation,
  decision: {
    ...{ id: newId(), field, from, to, evidence, explanation },
    confidence: confidences[field === 'TAG' ? tagKey(to) : field] ?? confidence,
  },
})
