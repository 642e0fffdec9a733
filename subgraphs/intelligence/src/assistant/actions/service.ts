import { codedError } from '@quimbi/service/errors.ts'
import { recommendContent } from '../../advice/content.ts'
import { subjectOf, type Asking } from '../../advice/subject.ts'
import { requireScope } from '../../keys/service.ts'
import type { Insight } from '../../profiles/insight.ts'
import type { Situation } from '../situation.ts'
import { passedInSituation, type PassedInSituation } from '../situations/passed-in.ts'
import { situationOf } from '../situations/situation.ts'
import { toldSchema } from '../situations/told.ts'
import type { ActionScenario, Means } from './advice.ts'
import { effectsFor } from './effects.ts'
import { actionId, revisionOf } from './ids.ts'
import { offersFor } from './offers.ts'
import { planActions, type Plan, type PlannedAction } from './plan.ts'

export type ActionPlan = Omit<Plan, 'actions'> & {
  actions: (PlannedAction & { id: string })[]
  generator: string
  generatedAt: Date
}

/** A ticket as it comes with what it is about; the context is null where Support could not say. */
export type TicketToAdvise = { id: string; customer?: { id: string } | null; conversationContext?: unknown }

/** What to do next about a ticket; those of a page are loaded together, whatever their number. */
export async function nextBestActions(asking: Asking, ticket: TicketToAdvise): Promise<ActionPlan | null> {
  requireScope(asking.viewer, 'insight:read')
  if (!ticket.conversationContext || !ticket.customer) return null
  const { data: context } = toldSchema.safeParse(ticket.conversationContext)
  if (!context) throw codedError('BAD_USER_INPUT', 'The conversation is not as Support tells it.')
  const customerId = ticket.customer.id.toLowerCase()
  const [situation, insight] = await Promise.all([
    situationOf(asking, { customerId, context }),
    asking.loaders.insightByCustomer.load(customerId),
  ])
  const means = await meansFor(asking, { scenario: 'SUPPORT_TICKET', situation, insight, product: null })
  const about = { customerId: situation.customer && customerId, ticketId: ticket.id.toLowerCase() }
  return answerOf(planActions(situation, means), { ...about, revision: revisionOf(context.revision) }, asking.now)
}

/**
 * What to do next about a customer, known or passed in, or about nobody in particular. Nothing is stored.
 * @throws UserErrors FORBIDDEN, NOT_FOUND, and what is wrong with the input
 */
export async function suggestActions(
  asking: Asking,
  input: PassedInSituation & { scenario: ActionScenario },
): Promise<ActionPlan> {
  requireScope(asking.viewer, 'generate')
  const { customerId, profile, scenario } = input
  const situation = await passedInSituation(asking, input)
  const whom = { customerId: customerId ?? null, profile: profile ?? null }
  const insight = customerId || profile ? (await subjectOf(asking, whom)).insight : null
  const isSelling = scenario !== 'SUPPORT_TICKET' || input.goal === 'UPSELL'
  const [product] = insight && isSelling ? await recommendContent(asking, { ...whom, objective: 'UPSELL' }, 1) : []
  const means = await meansFor(asking, { scenario, situation, insight, product: product ?? null })
  const said = situation.turns.map(({ content }) => content)
  const revision = revisionOf(scenario, input.goal ?? '', asking.now.toISOString().slice(0, 10), ...said)
  const about = { customerId: customerId?.toLowerCase() ?? null, ticketId: null, revision }
  return answerOf(planActions(situation, means), about, asking.now)
}

type Known = {
  scenario: ActionScenario
  situation: Situation
  insight: Insight | null
  product: { title: string; explanation: string } | null
}

async function meansFor(asking: Asking, { scenario, situation, insight, product }: Known): Promise<Means> {
  const offers = insight?.profile.isReady ? offersFor(insight, situation) : {}
  return { scenario, product, offers, effects: await effectsFor(asking) }
}

type About = { customerId: string | null; ticketId: string | null; revision: string }

const answerOf = (plan: Plan, about: About, now: Date): ActionPlan => ({
  ...plan,
  actions: plan.actions.map((action) => ({ ...action, id: actionId({ kind: action.kind, ...about }) })),
  generator: 'built-in',
  generatedAt: now,
})
