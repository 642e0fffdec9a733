import { en } from 'chrono-node'

export type FoundDate = { from: number; to: number; text: string; at: Date; hasHour: boolean }

/** What is read at a time: the parser's cost grows faster than its text. */
const piece = 300
const mostPieces = 20
const mostLength = 60

/**
 * Dates in English, relative ones ("tomorrow", "by Friday") from `now`, in UTC: what comes next where nothing is said. A weekday or a
 * month alone is a date; a lone hour or "now" is none.
 */
export function datesIn(text: string, now: Date): FoundDate[] {
  return pieces(text).flatMap(({ from, part }) =>
    hint.test(part)
      ? en.casual
          .parse(part, { instant: now, timezone: 'UTC' }, { forwardDate: true })
          .filter(({ start, text: found }) => found.length <= mostLength && isDate(start))
          .map(({ index, text: found, start }) => ({
            from: from + index,
            to: from + index + found.length,
            text: found,
            at: start.date(),
            hasHour: start.isCertain('hour'),
          }))
      : [],
  )
}

/** What every date has one of; most messages have none, and need no parser. */
const hint =
  /\d|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)|\b(?:today|tomorrow|tonight|yesterday|tmrw?|ago|week|weeks|weekend|month|months|day|days|hours?|year)\b/i

type Known = { isCertain(component: 'day' | 'weekday' | 'month'): boolean; tags(): Set<string> }

const isDate = (start: Known): boolean =>
  start.isCertain('day') || start.isCertain('weekday') || start.isCertain('month') || isRelative(start)

const isRelative = (start: Known): boolean => [...start.tags()].some((tag) => tag.startsWith('result/relativeDate'))

/** The text in pieces that end at a space. */
function pieces(text: string): { from: number; part: string }[] {
  const parts: { from: number; part: string }[] = []
  for (let from = 0; from < text.length && parts.length < mostPieces;) {
    const space = text.length - from > piece ? text.lastIndexOf(' ', from + piece) : text.length
    const to = space > from ? space : Math.min(text.length, from + piece)
    parts.push({ from, part: text.slice(from, to) })
    from = to
  }
  return parts
}
