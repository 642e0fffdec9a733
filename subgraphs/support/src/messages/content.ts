import { text } from '../common/text.ts'

/** What any message may be long. */
const maxCharacters = 50_000
/** Ten text messages joined, the most that carriers take. */
const maxSms = 1_600

/** What may be said: trimmed, without control characters, at most 50,000 characters. */
export const contentOf = (content: string, path: string[] = ['input', 'content']): string =>
  // Half a character would be refused by the database, where the text is in an event.
  text(content.toWellFormed(), { path, max: maxCharacters })

/** The same for what goes out, where a channel may carry less. */
export const outboundContentOf = (content: string, channel: string, path: string[] = ['input', 'content']): string =>
  channel === 'SMS' ? text(content.toWellFormed(), { path, max: maxSms }) : contentOf(content, path)

/** A subject for what came without one: its first line, up to a hundred characters. */
export function subjectOf(content: string): string {
  const [line = ''] = content.trimStart().split('\n', 1)
  const start = line.trim()
  return start.length <= 100 ? start : `${start.slice(0, 99).toWellFormed().trimEnd()}…`
}

/** The subject of a ticket that goes on where an old one ended. */
export const followUpSubject = (subject: string): string =>
  (/^re:/i.test(subject) ? subject : `Re: ${subject}`).slice(0, 300).toWellFormed()
