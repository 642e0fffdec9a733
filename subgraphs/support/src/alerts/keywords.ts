import { codedError, refuse } from '@quimbi/service/errors.ts'
import { text } from '../common/text.ts'
import { isStorable } from '@quimbi/service/places.ts'

const most = 20
const shortest = 2
const longest = 100

/** Keywords of an alert to save: 1 to 20 of 2 to 100 characters, each once whatever its case. */
export function keywordsToSave(given: readonly string[], path: string[]): string[] {
  const keywords = distinct(given.map((keyword) => text(keyword, { path, max: longest })))
  if (keywords.length === 0) return refuse('REQUIRED', 'A topic alert needs a keyword.', path)
  if (keywords.length > most) return refuse('LIMIT_EXCEEDED', `A topic alert has at most ${most} keywords.`, path)
  if (keywords.some((keyword) => keyword.length < shortest))
    return refuse('INVALID', `A keyword has at least ${shortest} characters.`, path)
  return keywords
}

/** Keywords given with a query, none switching alerts off; BAD_USER_INPUT where an alert with them could not be saved. */
export function keywordsToLookFor(given: readonly string[]): string[] {
  const keywords = distinct(given.map((keyword) => keyword.trim()))
  const isGood = (keyword: string) => keyword.length >= shortest && keyword.length <= longest && isStorable(keyword)
  if (keywords.length > most || !keywords.every(isGood))
    throw codedError(
      'BAD_USER_INPUT',
      `topicAlerts are at most ${most} keywords of ${shortest} to ${longest} characters.`,
    )
  return keywords
}

const distinct = (keywords: readonly string[]): string[] => [
  ...new Map(keywords.map((keyword) => [keyword.toLowerCase(), keyword])).values(),
]
