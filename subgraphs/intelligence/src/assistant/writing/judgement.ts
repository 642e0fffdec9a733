import type { Situation } from '../situation.ts'
import type { Message } from '../written.ts'
import { cleanName } from './clean.ts'
import type { Matter } from './matter.ts'
import type { Plan } from './plan.ts'
import { isOffered } from './reply.ts'

/** A remark for the agent, with the most that can then be said for the draft. */
type Remark = { text: string; atMost: number }

const delicate: Record<string, string> = {
  legal: 'legal steps',
  safety: 'a danger to somebody',
  fraud: 'fraud',
  chargeback: 'a chargeback',
  press: 'going public',
  'wants-human': 'wanting to speak to somebody',
}

/** Tells the agent why the draft says what it says, and how far it can be trusted. */
export function judge(plan: Plan, matter: Matter, answeredAs: string): { reasoning: string; confidence: number } {
  const remarks = [...onUnderstanding(matter), ...onOrder(plan, matter), ...onCare(plan, matter)]
  const sureness = matter.situation.triage?.intent?.confidence ?? 1
  const confidence = Math.min(plan.confidence * (0.6 + 0.4 * sureness), ...remarks.map(({ atMost }) => atMost))
  return {
    reasoning: [answeredAs, ...remarks.map(({ text }) => text)].join(' '),
    confidence: Math.round(confidence * 100) / 100,
  }
}

const remark = (holds: unknown, text: string, atMost = 1): Remark[] => (holds ? [{ text, atMost }] : [])

function onUnderstanding({ situation, heard }: Matter): Remark[] {
  const tags = situation.triage?.tags.flatMap(({ label }) => delicate[label] ?? []) ?? []
  const isReply = situation.goal === 'RESOLVE_SUPPORT_ISSUE'
  return [
    ...remark(
      languageOf(situation) !== 'en',
      'The customer does not write in English, and the built-in writer knows English only: translate or rewrite it.',
      0.2,
    ),
    ...remark(isReply && !situation.triage?.intent, 'It is not clear what the customer wants.', 0.3),
    ...remark(tags.length > 0, `The customer mentions ${tags.join(', ')}: read it closely before sending.`, 0.35),
    ...remark(isReply && heard.isAnswered, 'The last message is ours: nothing is unanswered.', 0.5),
  ]
}

function onOrder({ needsOrder, isOfArrived }: Plan, { doubt, order }: Matter): Remark[] {
  const given = 'The number that the customer gives is of no order that is known.'
  return [
    ...remark(needsOrder && doubt === 'NO_ORDER', 'No order of this customer was found, so it asks for one.', 0.45),
    ...remark(needsOrder && doubt === 'NUMBER_UNKNOWN', given, 0.45),
    ...remark(needsOrder && doubt === 'SEVERAL_FIT', 'Several orders fit: it takes the likeliest, and asks.', 0.55),
    ...remark(
      isOfArrived && order?.stage === 'WAITING',
      'By the records the order has not left yet, which does not fit.',
      0.5,
    ),
    ...remark(order?.stage === 'HELD_UP', 'A parcel is held up, or there was no news of it for a week.'),
  ]
}

function onCare(plan: Plan, { heard, care, credit }: Matter): Remark[] {
  const isOwed = plan.isOurs ?? false
  return [
    ...remark(heard.isUpset, 'The customer is upset, so understanding comes first.'),
    ...remark(care.isAboutToLeave, 'The risk of losing this customer is high, so it takes extra care.'),
    ...remark(isOwed && !care.isSpecial && credit, 'Policy would allow a credit; a routine case is offered none.'),
    ...remark(isOwed && care.isSpecial && !credit, 'No policy gives an amount for compensation, so none is offered.'),
  ]
}

/** What of the customer is in the message, in plain words. */
export function personalizationOf(plan: Plan, matter: Matter, { content, citations }: Message): string[] {
  const { situation, credit, heard } = matter
  const name = cleanName(situation.customerName)
    ?.split(/[ ,]/)
    .find((part) => content.includes(part))
  const rests = (...sources: string[]) => citations.some(({ source }) => sources.includes(source))
  const isCredit = isOffered(plan, matter) && citations.some(({ quote }) => quote === credit?.cites[0]?.quote)
  const used: [unknown, string][] = [
    [name, 'Their name'],
    [rests('ORDER', 'SHIPMENT'), 'Their order and its parcels'],
    [rests('PROFILE'), 'How long they have been a customer'],
    [isCredit, 'A credit within policy, for somebody who needs special care'],
    [heard.isUpset, 'Their mood'],
    [rests('MESSAGE'), 'What we promised before'],
  ]
  return used.flatMap(([holds, text]) => (holds ? [text] : []))
}

/** As triage reads it; of somebody who wrote nothing, as their profile says. */
const languageOf = ({ triage, locale }: Situation): string =>
  (triage?.language ?? locale ?? 'en').slice(0, 2).toLowerCase()
