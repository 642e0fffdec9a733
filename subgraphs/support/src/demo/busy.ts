import type { AgentViewer, ServiceViewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { recordInsights } from '../insight/record.ts'
import { systemActor } from '../log/actors.ts'
import { addNote } from '../notes/service.ts'
import { changeTickets } from '../tickets/change.ts'
import { createTicket } from '../tickets/create.ts'
import { escalateTicket } from '../tickets/escalate.ts'
import { scheduleFollowUp, snoozeTicket } from '../tickets/plan.ts'
import { dueSteps } from '../tickets/timers.ts'
import { setTicketStatus } from '../tickets/update.ts'
import { addDemoMessage } from './say.ts'

type Opening = { subject: string; says: string; priority: 'URGENT' | 'HIGH' | 'NORMAL'; minutesAgo: number }

// By the demo's targets: one that is late, one about to be, one with time left, one that was answered in time, and one that waits for the customer.
const openings = {
  late: {
    ...{ subject: 'Third time I ask about my refund', priority: 'HIGH', minutesAgo: 150 },
    says: 'This is my third message. If the refund is not here by Friday I will close my account.',
  },
  soon: {
    ...{ subject: 'Parcel says delivered, nothing here', priority: 'HIGH', minutesAgo: 50 },
    says: 'The tracking says my parcel was delivered at noon. I was at home all day and nobody came.',
  },
  fresh: {
    ...{ subject: 'Can I add a gift note?', priority: 'NORMAL', minutesAgo: 10 },
    says: 'I just ordered the blue vase as a present. Can you put a note into the parcel?',
  },
  answered: {
    ...{ subject: 'Which bulb fits the reading lamp?', priority: 'NORMAL', minutesAgo: 120 },
    says: 'The lamp came without a bulb. Which one do I need?',
  },
  asked: {
    ...{ subject: 'Scratch on the table', priority: 'NORMAL', minutesAgo: 180 },
    says: 'The table has a scratch right where one sees it. What can you do?',
  },
} as const satisfies Record<string, Opening>

export type Busy = { tx: Db; viewer: ServiceViewer; lead: AgentViewer; colleague: AgentViewer; now: Date }

const before = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000)

/** What goes on at the demo just now, as people did it: clocks that are late, nearly so, in time and paused, a note, an escalation, a snooze, a follow-up, and insights. */
export async function keepBusy({ tx, viewer, lead, colleague, now }: Busy): Promise<void> {
  const { tenantId } = viewer
  const customers = await tx.customer.findMany({ where: { tenantId }, orderBy: { createdAt: 'asc' }, take: 8 })
  const ids = customers.map(({ id }) => id)
  const who = { actor: systemActor('MODEL', 'Intelligence') }
  const archetypes = ['loyal', 'bargain hunter', 'new', 'lapsing']
  const insights = ids.map((customerId, index) => ({
    ...{ customerId, asOf: before(now, 1_440), archetype: archetypes[index % 4] ?? null },
    ...{ churnRisk: ((index * 37) % 100) / 100, lifetimeValue: 150 + index * 420 },
  }))
  await recordInsights(tx, { tenantId, who, now }, insights)

  const open = async ({ subject, says, priority, minutesAgo }: Opening, customerId = ''): Promise<string> => {
    const input = { subject, initialMessage: says, priority, channel: 'EMAIL', customerId, isDemo: true }
    return (await createTicket(tx, viewer, input, before(now, minutesAgo))).ticket.id
  }
  const late = await open(openings.late, ids[0])
  const soon = await open(openings.soon, ids[1])
  const fresh = await open(openings.fresh, ids[2])
  const answered = await open(openings.answered, ids[3])
  const asked = await open(openings.asked, ids[4])

  const answer = {
    ticketId: answered,
    content: 'An E14 with up to 40 W. The warm white one looks best in it.',
    fromAgent: true,
  }
  await addDemoMessage(tx, lead, answer, before(now, 100))
  await scheduleFollowUp(
    tx,
    lead,
    { id: answered, at: before(now, -1_440), note: 'Did the bulb fit?' },
    before(now, 99),
  )
  await snoozeTicket(tx, lead, { id: answered, until: before(now, -240) }, before(now, 98))
  const question = { ticketId: asked, content: 'I am sorry! Can you send a photo of it?', fromAgent: true }
  await addDemoMessage(tx, lead, question, before(now, 90))
  await setTicketStatus(tx, lead, { id: asked, status: 'PENDING', waitingOn: 'CUSTOMER' }, before(now, 89))
  const note = 'The bank says the money left us on Monday. Can you call them?'
  await addNote(tx, lead, { ticketId: late, content: note, mentionIds: [colleague.agentId] }, before(now, 40))
  await escalateTicket(tx, lead, { id: late, reason: 'The customer wants to leave.' }, before(now, 39))
  // What the clocks came to since.
  const timer = { actor: systemActor('TIMER', 'timers') }
  await changeTickets(tx, { tenantId, who: timer, now, ids: [late, soon, fresh, answered, asked] }, dueSteps)
}
