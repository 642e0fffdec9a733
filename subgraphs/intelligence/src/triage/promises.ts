import { datesIn } from './entities/dates.ts'
import { sentencesIn } from './sentences.ts'

/** What an agent promised; `dueAt` null where no time was given. */
export type PromiseMade = { text: string; dueAt: Date | null; confidence: number }

const own = /\b(?:i|we)(?:[’']ll| will| shall| am going to|[’']m going to| are going to|[’']re going to| promise)\b/i
const passive =
  /\b(?:you(?:[’']ll| will| should)? (?:receive|get|have|hear|be (?:refunded|contacted|credited))|will be (?:sent|shipped|refunded|delivered|credited|replaced|processed|with you|there)|expect (?:it|the|your|a)\b)/i
/** What sounds like a promise and is none: courtesies, conditions, questions, refusals. */
const none =
  /\b(?:(?:i|we)(?:[’']ll| will) (?:be (?:happy|glad|able|here)|need|not|never|have to|miss|wait for your)|unable|cannot|can[’']t|won[’']t|will not|if (?:you|we|it|that)|once you|as soon as you|unless|after you|when you (?:send|reply|confirm))\b|\?\s*$/i
const hedge = /\b(?:try|should|might|may|hope|hopefully|possibly|perhaps|probably|aim|expect)\b/i
/** A date that tells which thing, not when: "the order of May 3rd". */
const about = /\b(?:of|from|placed|ordered|dated|since|your|invoice)\s{1,3}(?:on\s{1,3})?$/i
const within =
  /\b(?:with)?in (?:the next )?(?:(\d{1,2}) ?(?:-|–|to) ?)?(\d{1,2}|a|an|one|two|three|five|seven|ten) (business |working )?(hour|day|week)s?\b/i
const numbers: Record<string, number> = { a: 1, an: 1, one: 1, two: 2, three: 3, five: 5, seven: 7, ten: 10 }
const hour = 3_600_000
const day = 24 * hour
const mostPromises = 10
const mostLength = 300

/** Promises in what an agent wrote at `at`; dates without an hour are due at the end of that day, UTC. */
export function promisesIn(text: string, at: Date): PromiseMade[] {
  return sentencesIn(text)
    .filter((sentence) => (own.test(sentence) || passive.test(sentence)) && !none.test(sentence))
    .slice(0, mostPromises)
    .map((sentence) => {
      const dueAt = dueOf(sentence, at)
      const base = own.test(sentence) ? 0.75 : 0.65
      return {
        text: sentence.slice(0, mostLength),
        dueAt,
        confidence: base + (dueAt ? 0.15 : 0) - (hedge.test(sentence) ? 0.25 : 0),
      }
    })
}

function dueOf(sentence: string, at: Date): Date | null {
  const span = spanOf(sentence, at)
  if (span) return span
  const date = datesIn(sentence, at).find(
    (found) => !about.test(sentence.slice(0, found.from)) && endOf(found).getTime() >= at.getTime(),
  )
  return date ? endOf(date) : null
}

const endOf = ({ at, hasHour }: { at: Date; hasHour: boolean }): Date =>
  hasHour ? at : new Date(Math.floor(at.getTime() / day) * day + day - 1_000)

/** "Within 3–5 business days": its end. Business days leave out Saturdays and Sundays. */
function spanOf(sentence: string, at: Date): Date | null {
  const found = within.exec(sentence)
  if (!found) return null
  const [, , most = '1', business, unit] = found
  const count = numbers[most.toLowerCase()] ?? Number(most)
  if (unit?.toLowerCase() === 'hour') return new Date(at.getTime() + count * hour)
  const days = unit?.toLowerCase() === 'week' ? count * 7 : count
  return endOf({ at: business ? afterBusinessDays(at, days) : new Date(at.getTime() + days * day), hasHour: false })
}

function afterBusinessDays(at: Date, count: number): Date {
  const date = new Date(at)
  for (let left = count; left > 0;) {
    date.setTime(date.getTime() + day)
    const weekday = date.getUTCDay()
    if (weekday !== 0 && weekday !== 6) left--
  }
  return date
}
