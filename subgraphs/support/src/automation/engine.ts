import { newId } from '@quimbi/database/ids.ts'
import type { AutomationRule, Ticket } from '../../generated/prisma/client.ts'
import { holds } from '../common/conditions.ts'
import type { Db } from '../database.ts'
import { undoneOn } from '../decisions/undone.ts'
import { wantDraft } from '../drafts/draft-job.ts'
import { systemActor, type Doer } from '../log/actors.ts'
import { changeTicket } from '../tickets/change.ts'
import type { Step } from '../tickets/steps.ts'
import { lockTickets } from '../tickets/change-store.ts'
import { resolutionsOf } from '../tickets/resolution.ts'
import type { TenantConfig } from '../tenants/config.ts'
import { planActions } from './actions.ts'
import { evidenceOf } from './evidence.ts'
import { isTooDeep, rootOf, triggerOf, type Happening } from './happening.ts'
import type { Held } from './held.ts'
import type { Action } from './language.ts'
import { calling, notifyAll, notifying, type Told } from './notify.ts'
import { picker } from './pick.ts'
import { subjectOf, type Known } from './subject.ts'

/** What happened, and what the tenant decides by. */
export type Occasion = { tenantId: string; happening: Happening; now: Date; config: TenantConfig }

/** The rules that may react to it, in their order. Pure. */
export function rulesFor({ rules }: TenantConfig, happening: Happening): AutomationRule[] {
  const trigger = triggerOf(happening)
  if (trigger === null || isTooDeep(happening)) return []
  return rules.filter((rule) => rule.trigger === trigger && rule.createdAt <= happening.at)
}

/**
 * Lets rules that may react to what happened do so, in their order, each on the ticket as those before it left it. In the caller's transaction,
 * so that a rule's effects and what it fired for are kept together or not at all. Returns how many fired.
 */
export async function runRules(
  tx: Db,
  { tenantId, happening, now, config }: Occasion,
  { rules, held }: { rules: readonly AutomationRule[]; held?: Held },
): Promise<number> {
  if (rules.length === 0) return 0
  const { ticketId } = happening
  const [locked] = held?.take(ticketId) ?? (await lockTickets(tx, tenantId, [ticketId]))
  if (!locked) return 0
  const { tenant } = config
  const message = await messageOf(tx, tenantId, happening.payload.messageId)
  const known: Known = { happening, customer: locked.customer, message, tenant }
  let { ticket } = locked
  let fired = 0
  for (const rule of rules) {
    if (!holds(rule.conditions, subjectOf(ticket, known))) continue
    if (!(await claim(tx, rule, happening, now))) continue
    ticket = await fire(tx, { rule, ticket, known, config, now })
    fired += 1
  }
  return fired
}

const messageOf = (tx: Db, tenantId: string, id: string | undefined) =>
  id === undefined
    ? null
    : tx.message.findFirst({ where: { tenantId, id, deletedAt: null }, select: { content: true, isAutomatic: true } })

/** A rule fires once per ticket and cause: false when it did. Whoever inserts first fires. */
async function claim(tx: Db, { tenantId, id }: AutomationRule, happening: Happening, now: Date): Promise<boolean> {
  const firing = { tenantId, ruleId: id, ticketId: happening.ticketId, causeId: rootOf(happening), firedAt: now }
  const { count } = await tx.ruleFiring.createMany({ data: [firing], skipDuplicates: true })
  if (count === 0) return false
  await tx.automationRule.updateMany({
    where: { tenantId, id },
    data: { firedCount: { increment: 1 }, lastFiredAt: now },
  })
  return true
}

type Firing = { rule: AutomationRule; ticket: Ticket; known: Known; config: TenantConfig; now: Date }

async function fire(tx: Db, { rule, known, now, ...firing }: Firing): Promise<Ticket> {
  const { tenantId } = rule
  const { happening, customer, tenant } = known
  const actions = rule.actions as Action[]
  const who = doerOfRule(rule, happening)
  const explanation = `The rule “${rule.name}” applied.`
  const evidence = evidenceOf(rule.conditions, happening)
  const targets = await targetsOf(tx, tenantId, actions)
  const undone = await undoneOn(tx, tenantId, firing.ticket.id)
  const pick = picker(tx, { tenantId, now, customer, tenant })
  const outward = { notify: notifying(actions), webhooks: calling(actions) }
  const changed = await changeTicket(tx, { tenantId, who, now, id: firing.ticket.id }, async ({ ticket, now: at }) => {
    const means = { by: who.actor, now: at, undone, evidence, explanation, ...targets, pick }
    const steps = await withResolution(tx, await planActions(ticket, actions, means), ticket)
    const notes = await writeNotes(tx, { actions, ticket, who, now })
    return [...steps, ...notes]
  })
  await tell(tx, { tenantId, who, now, id: changed.ticket.id, explanation }, outward)
  if (actions.some((action) => 'draft' in action)) await wantDraft(tx, { tenantId, ticketId: changed.ticket.id })
  return changed.ticket
}

type Telling = { tenantId: string; who: Doer; now: Date; id: string; explanation: string }

type Outward = { notify: Told | undefined; webhooks: string[] }

/** With an event of its own, the last of its change: notifications name it, and are told live by it; the endpoints that it names get it. */
async function tell(tx: Db, { explanation: reason, ...call }: Telling, { notify, webhooks }: Outward): Promise<void> {
  if (!notify && webhooks.length === 0) return
  const data = { ...(notify && { notify }), ...(webhooks.length > 0 && { webhooks }) }
  const { eventId } = await changeTicket(tx, call, () => [{ type: 'TICKET_UPDATED', reason, data }])
  if (eventId !== null && notify) await notifyAll(tx, { ...call, ticketId: call.id, eventId }, notify)
}

const doerOfRule = ({ name }: AutomationRule, happening: Happening): Doer => ({
  actor: systemActor('AUTOMATION', name),
  causedBy: rootOf(happening),
  depth: (happening.payload.depth ?? 0) + 1,
})

async function targetsOf(tx: Db, tenantId: string, actions: readonly Action[]) {
  const queueIds = actions.flatMap((action) => ('queue' in action ? [action.queue.id] : []))
  const teamIds = actions.flatMap((action) =>
    'team' in action ? [action.team.id] : 'escalate' in action ? (action.escalate.toTeamId ?? []) : [],
  )
  const queues = queueIds.length === 0 ? [] : await tx.queue.findMany({ where: { tenantId, id: { in: queueIds } } })
  const teams =
    teamIds.length === 0
      ? []
      : await tx.team.findMany({ where: { tenantId, id: { in: teamIds } }, select: { id: true } })
  return { queues: new Map(queues.map((queue) => [queue.id, queue])), teamIds: new Set(teams.map(({ id }) => id)) }
}

/** Closing says how it was solved, as it does by hand. */
async function withResolution(tx: Db, steps: Step[], { tenantId, id, resolution }: Ticket): Promise<Step[]> {
  if (resolution !== null || !steps.some(({ set }) => set?.status === 'CLOSED')) return steps
  const resolutions = await resolutionsOf(tx, tenantId, [id])
  return steps.map((step) =>
    step.set?.status === 'CLOSED' ? { ...step, set: { ...step.set, resolution: resolutions.get(id) ?? null } } : step,
  )
}

type Noting = { actions: readonly Action[]; ticket: Ticket; who: Doer; now: Date }

async function writeNotes(tx: Db, { actions, ticket, who, now }: Noting): Promise<Step[]> {
  const { tenantId, id: ticketId } = ticket
  const notes = actions.flatMap((action) => ('note' in action ? [{ id: newId(), content: action.note.text }] : []))
  const author = who.actor
  if (notes.length > 0)
    await tx.note.createMany({
      data: notes.map((note) => ({ ...note, tenantId, ticketId, author, mentionIds: [], createdAt: now })),
    })
  return notes.map(({ id }) => ({ type: 'NOTE_ADDED', noteId: id, data: { mentionIds: [] } }))
}
