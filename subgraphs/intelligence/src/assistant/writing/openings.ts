import type { Tone } from '../situation.ts'
import type { Sentence } from '../written.ts'
import type { Matter } from './matter.ts'
import type { Pen } from './pen.ts'
import type { Plan } from './plan.ts'

/** How each tone begins; nothing where it comes to the point at once. `$` stands for what it is about. */
type Opening = {
  sorry: readonly [string, ...string[]]
  thanks: readonly [string, ...string[]]
  /** where it is not clear what it is about */
  plain: string
  /** where we were talking already */
  back: string
  feeling: string
  again: string
}

const openings: Record<Tone, Opening> = {
  PROFESSIONAL: {
    sorry: ['I apologise for $.', 'Please accept my apologies for $.'],
    thanks: ['Thank you for your message about $.', 'Thank you for contacting us about $.'],
    plain: 'Thank you for your message.',
    back: 'Thank you for getting back to us.',
    feeling: 'I understand your disappointment.',
    again: 'I am sorry that you had to write again.',
  },
  EMPATHETIC: {
    sorry: [
      'I am truly sorry about $; this is not how it should have gone.',
      'I am so sorry about $, and I understand what a nuisance it is.',
    ],
    thanks: [
      'Thank you for telling me about $; I will gladly take care of it.',
      'I understand that $ matters to you, and I am glad to help.',
    ],
    plain: 'Thank you for your message; I will gladly help you.',
    back: 'Thank you for getting back to us; I am glad to help you further.',
    feeling: 'I can well understand that you are upset.',
    again: 'I am very sorry that you had to ask more than once.',
  },
  FRIENDLY: {
    sorry: ['Oh no, I am sorry about $!', 'I am really sorry about $!'],
    thanks: ['Thanks for reaching out about $!', 'Thanks so much for your message about $!'],
    plain: 'Thanks so much for your message!',
    back: 'Thanks for getting back to us!',
    feeling: 'I would be upset too.',
    again: 'Sorry that you had to write again!',
  },
  CONCISE: {
    sorry: ['Sorry about $.', 'My apologies for $.'],
    thanks: ['Thanks for your message.', 'Thank you for writing.'],
    plain: 'Thanks for your message.',
    back: 'Thanks for your reply.',
    feeling: 'I understand.',
    again: 'Sorry for the repeat.',
  },
  CASUAL: {
    sorry: ['So sorry about $.', 'Ah, sorry about $.'],
    thanks: ['Thanks for the message about $.', 'Thanks for asking about $.'],
    plain: 'Thanks for the message.',
    back: 'Thanks for getting back.',
    feeling: 'I get why that is annoying.',
    again: 'Sorry you had to chase this.',
  },
  CONVERSATIONAL: {
    sorry: ['I am really sorry to hear about $.', 'First of all, I am sorry about $.'],
    thanks: ['So, about $.', 'Let me help you with $.'],
    plain: 'Good to hear from you.',
    back: 'Thanks for coming back to me.',
    feeling: 'I completely understand that this is frustrating.',
    again: 'And I am sorry that you had to come back to us about it.',
  },
}

const closings: Record<Tone, readonly [string, ...string[]] | null> = {
  PROFESSIONAL: [
    'Please let me know if there is anything else that I can do for you.',
    'Should you have any further questions, I am glad to help.',
  ],
  EMPATHETIC: ['I am here for you if anything is unclear.', 'Please write to me whenever something is on your mind.'],
  FRIENDLY: ['If you need anything else, just write!', 'I am always happy to help!'],
  CONCISE: null,
  CASUAL: ['Anything else, just message me.', 'Just reply here if anything comes up.'],
  CONVERSATIONAL: ['Is there anything else that I can help you with?', 'Does that help you for now?'],
}

/** What comes before the answer: an apology or a thank-you, understanding for who is upset, and what we promised before. */
export function openingOf(plan: Plan, matter: Matter, pen: Pen): (Sentence | null | false)[] {
  const { heard, situation } = matter
  const { feeling, again } = openings[pen.tone]
  if (situation.turns.length === 0 || (situation.goal !== 'RESOLVE_SUPPORT_ISSUE' && heard.isAnswered)) return []
  const hasRoom = pen.channel !== 'SMS'
  const isLate = heard.isRepeated && !heard.isAnswered
  return [
    greetingOf(plan, matter, pen),
    heard.isUpset && hasRoom && pen.should`${feeling}`,
    promised(matter, pen) ?? (isLate && hasRoom && pen.should`${again}`),
  ]
}

function greetingOf({ trouble, topic }: Plan, { heard, wasTold }: Matter, pen: Pen): Sentence | null {
  const way = openings[pen.tone]
  if (heard.isAnswered) return pen.should`I wanted to check back with you${topic ? ` about ${topic}` : ''}.`
  const hasApologised = wasTold('sorry') || wasTold('apolog')
  if (trouble && (!hasApologised || heard.isUpset))
    return apology(pen, heard.isUpset)`${pen.oneOf('sorry', way.sorry).replace('$', trouble)}`
  if (heard.isUpset && pen.tone !== 'EMPATHETIC') return null
  if (heard.isOngoing) return pen.may`${way.back}`
  return pen.may`${topic ? pen.oneOf('thanks', way.thanks).replace('$', topic) : way.plain}`
}

/** Few words have no room for manners, unless somebody is upset. */
const apology = (pen: Pen, isUpset: boolean) => (pen.channel === 'SMS' && !isUpset ? pen.may : pen.should)

export function closingOf(pen: Pen): Sentence | null {
  const ways = closings[pen.tone]
  return ways && pen.may`${pen.oneOf('closing', ways)}`
}

/** A promise that one of us gave and that the customer still waits for. */
function promised({ situation, heard }: Matter, pen: Pen): Sentence | null {
  const last = situation.triage?.promises.at(-1)
  const turn = last && situation.turns.findLast(({ fromAgent, content }) => fromAgent && content.includes(last.text))
  if (!last || !turn || heard.isAnswered || pen.channel === 'SMS') return null
  const promise = { text: 'promised', cites: [{ source: 'MESSAGE' as const, id: turn.id, quote: last.text }] }
  const isBroken = last.dueAt !== null && last.dueAt.getTime() < situation.now.getTime()
  return isBroken
    ? pen.should`I am sorry that you did not hear from us in time, as we had ${promise}.`
    : pen.should`I have not forgotten what we ${promise} you in our last message.`
}
