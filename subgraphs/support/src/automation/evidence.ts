import type { Condition } from '../common/conditions.ts'
import type { Happening } from './happening.ts'

/** What a rule's decision was made on: the event, and the conditions that held, in words. Pure. */
export function evidenceOf(conditions: unknown, { type, eventId }: Pick<Happening, 'type' | 'eventId'>): string[] {
  const told = type === 'TIME_IN_STATE' ? 'Event: TIME_IN_STATE' : `Event: ${type} ${eventId}`
  const words = wordsOf(conditions as Condition)
  return words === '' ? [told] : [told, `Condition: ${words}`]
}

function wordsOf(condition: Condition): string {
  if ('all' in condition) return joined(condition.all as Condition[], ' and ')
  if ('any' in condition) return joined(condition.any as Condition[], ' or ')
  if ('not' in condition) return `not (${wordsOf(condition.not as Condition)})`
  if (!('field' in condition)) return ''
  const { field, op, value } = condition as { field: string; op: string; value?: unknown }
  return [field, op, ...(value === undefined ? [] : [JSON.stringify(value)])].join(' ')
}

function joined(conditions: readonly Condition[], by: string): string {
  const words = conditions.map(wordsOf).filter((one) => one !== '')
  return words.length > 1 ? `(${words.join(by)})` : (words[0] ?? '')
}
