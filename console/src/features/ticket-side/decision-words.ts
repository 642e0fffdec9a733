import { formatDateTime, formatNumber, words } from '../../shared/format.ts'
import type { TicketSideDecisionFragment } from './generated/Headline.ts'

type Decision = Pick<TicketSideDecisionFragment, 'field' | 'from' | 'to'>

/** A decision in a few words: "Priority: normal → urgent". Ids are named where they are known. */
export function decisionWords({ field, from, to }: Decision, nameOf: (id: string) => string | undefined): string {
  if (field === 'TAG') return to === '' ? `Tag “${from ?? ''}” removed` : `Tag “${to}” added`
  if (field === 'ESCALATION') return `Escalated to level ${to}`
  const value = (text: string) => valueWords(field, text, nameOf)
  const before = from === null || from === '' ? '' : `${value(from)} → `
  return `${words(field)}: ${before}${to === '' ? 'none' : value(to)}`
}

function valueWords(field: Decision['field'], text: string, nameOf: (id: string) => string | undefined): string {
  if (field === 'PRIORITY') return words(text).toLowerCase()
  if (field === 'STATUS') return words(text.replace(':', ', waits for ')).toLowerCase()
  if (field === 'FOLLOW_UP' && !Number.isNaN(Date.parse(text))) return formatDateTime(text)
  if ((field === 'SENTIMENT' || field === 'DIFFICULTY') && !Number.isNaN(Number(text)))
    return formatNumber(Number(text), 2)
  return nameOf(text.replace(/^team:/, '')) ?? (/^[0-9a-f-]{36}$/.test(text) ? 'another' : text)
}
