import type { DraftLength } from '../situation.ts'
import type { Sentence } from '../written.ts'
import { otherOrder } from './intents/which-order.ts'
import { closingOf, openingOf } from './openings.ts'
import type { Matter } from './matter.ts'
import type { Pen } from './pen.ts'
import type { Plan } from './plan.ts'

const keeps: Record<DraftLength, number> = { SHORT: 1, MEDIUM: 2, LONG: 3 }

/** A plan in full: manners, facts, what is next, and what may be offered. */
export function replyOf(plan: Plan, matter: Matter, pen: Pen, length: DraftLength): Sentence[][] {
  const opening = mannersOf(kept(openingOf(plan, matter, pen), matter), pen, length)
  const next = [...plan.next, plan.needsOrder && otherOrder(matter, pen)]
  const last = [...amends(plan, matter, pen), ...(plan.more ?? []), closingOf(pen)]
  const rest = [plan.facts, next, last].map((lines) =>
    kept(lines, matter).filter(({ importance }) => importance <= keeps[length]),
  )
  return joined([opening, ...rest], pen)
}

/** A short reply has one sentence of manners; a text message only what somebody who is upset wants. */
function mannersOf(opening: Sentence[], { channel }: Pen, length: DraftLength): Sentence[] {
  if (length === 'LONG') return opening
  const needed = channel === 'SMS' ? opening.filter(({ importance }) => importance < 3) : opening
  return length === 'SHORT' ? needed.slice(0, 1) : needed
}

/** What would be said a second time is left out, but for what the reply is about. */
const kept = (lines: readonly (Sentence | null | false)[], { wasTold }: Matter): Sentence[] =>
  lines
    .filter((line) => line !== null && line !== false)
    .filter(({ importance, text }) => importance === 1 || !wasTold(text))

/** Offered within the policies, where we were wrong and the customer wants special care. */
export const isOffered = ({ isOurs }: Plan, { care, credit }: Matter): boolean =>
  Boolean(isOurs && care.isSpecial && credit)

function amends(plan: Plan, matter: Matter, pen: Pen) {
  const { credit, care } = matter
  return [
    isOffered(plan, matter) &&
      credit &&
      pen.either(
        pen.should`I can offer you a credit of ${credit}.`,
        pen.should`To make up for it, I can offer you a credit of ${credit}; please tell me if you would like it.`,
      ),
    care.since && pen.channel !== 'SMS' && pen.should`Thank you for being with us since ${care.since}.`,
  ]
}

/** Short channels want no paragraph of a single courtesy. */
function joined(paragraphs: Sentence[][], { isShort }: Pen): Sentence[][] {
  const filled = paragraphs.filter((sentences) => sentences.length > 0)
  return isShort ? [filled.flat()] : filled
}
