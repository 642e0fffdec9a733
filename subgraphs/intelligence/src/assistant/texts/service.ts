import { codedError, refuse } from '@quimbi/service/errors.ts'
import type { Asking } from '../../advice/subject.ts'
import { findArchetype } from '../../analytics/archetypes.ts'
import type { OfferGoal } from '../../insight/recommend.ts'
import { requireScope } from '../../keys/service.ts'
import type { PassedIn } from '../../profiles/passed-in.ts'
import type { Channel } from '../situation.ts'
import { campaignTexts } from '../writing/campaign.ts'
import { answerTo } from './answers.ts'
import { boughtBy } from './bought.ts'
import { knownFrom, knownOf } from './known.ts'
import { textOf, type GeneratedText } from './stated.ts'
import { summaryOf } from './summary.ts'

const longestQuestion = 1_000

/** Who a stored customer is; null of one whom Intelligence has never heard of. @throws UserErrors FORBIDDEN */
export async function summarize(asking: Asking, customerId: string): Promise<GeneratedText | null> {
  requireScope(asking.viewer, 'generate')
  const known = await knownOf(asking, customerId)
  return known && textOf(summaryOf(known), asking.now)
}

/** Who a customer is who is passed in. @throws UserErrors FORBIDDEN, and all that is wrong with the input */
export async function summarizePassedIn(asking: Asking, input: PassedIn): Promise<GeneratedText> {
  requireScope(asking.viewer, 'generate')
  return textOf(summaryOf(await knownFrom(asking, input)), asking.now)
}

/**
 * What is known that answers a question about a stored customer; null of one whom Intelligence has never heard of.
 * @throws UserErrors FORBIDDEN; GraphQLError BAD_USER_INPUT (EMPTY, TOO_LONG)
 */
export async function explain(asking: Asking, customerId: string, question: string): Promise<GeneratedText | null> {
  requireScope(asking.viewer, 'generate')
  if (question.trim() === '') throw refused('EMPTY', 'Ask something.')
  if (question.length > longestQuestion)
    throw refused('TOO_LONG', `A question has at most ${longestQuestion} characters.`)
  const [known, bought] = await Promise.all([knownOf(asking, customerId), boughtBy(asking, customerId)])
  return known && textOf(answerTo(known, { question, bought }), asking.now)
}

type Optional<T> = T | null | undefined
export type Campaign = { archetypeId: string; objective: OfferGoal; channel: Channel; variants?: Optional<number> }
const mostVariants = 5

/** Messages to all of an archetype, for the sender to fill and send. @throws UserErrors FORBIDDEN, INVALID, NOT_FOUND */
export async function generateCampaign(
  { db, viewer, now }: Asking,
  { archetypeId, objective, channel, variants: asked }: Campaign,
): Promise<GeneratedText[]> {
  requireScope(viewer, 'generate')
  requireScope(viewer, 'insight:read')
  const variants = asked ?? 2
  if (!(variants >= 1 && variants <= mostVariants))
    refuse('INVALID', `One to ${mostVariants} texts.`, ['input', 'variants'])
  const archetype = await findArchetype(db, viewer, archetypeId)
  if (!archetype) return refuse('NOT_FOUND', 'There is no such archetype.', ['input', 'archetypeId'])
  const messages = campaignTexts({ archetype, objective, channel, variants, brand: null })
  return messages.map(({ content, citations }) => ({
    ...{ text: content, citations: [...citations], generator: 'built-in' },
    generatedAt: now,
  }))
}

const refused = (reason: string, message: string) => codedError('BAD_USER_INPUT', message, { reason })
