import { isInstruction, isName, type Known } from '../known.ts'
import { plain, wordsOf } from '../plain.ts'
import type { Problem } from '../problems.ts'
import type { Read } from '../reading.ts'

const run = 8
/** A sentence of so many words that is the customer's own as a whole. */
const leastSentence = 4
const mostCharacters = 50_000

/** Words in a row that are the customer's, or an order's that are no title: what was told to write, and was obeyed. Linear in all texts. */
export function echoes(reads: readonly Read[], known: Known): Problem[] {
  const spoken = reads.map(({ text }) => wordsOf(text))
  const ours = ` ${wordsOf(known.names.ours).join(' ')} `
  const heard = foreignTexts(known).map((text) => wordsOf(plain(text.slice(0, mostCharacters))))
  const runs = new Map<string, number>()
  const starts = new Set<string>()
  spoken.forEach((words, at) => {
    for (let from = 0; from + run <= words.length; from++) runs.set(words.slice(from, from + run).join(' '), at)
    if (words.length >= leastSentence && words.length < run) runs.set(words.join(' '), at)
  })
  for (const words of runs.keys()) starts.add(words.split(' ', 1)[0]!)
  const lengths = [
    ...new Set(spoken.map(({ length }) => Math.min(run, length)).filter((length) => length >= leastSentence)),
  ]
  const found = new Map<number, string>()
  for (const words of heard)
    for (const length of lengths)
      for (let from = 0; from + length <= words.length; from++) {
        if (!starts.has(words[from]!)) continue
        const same = words.slice(from, from + length).join(' ')
        const at = runs.get(same)
        if (at !== undefined && !found.has(at) && !ours.includes(` ${same} `) && saysMore(same, known))
          found.set(at, same)
      }
  return [...found].map(([at, detail]) => ({ code: 'ECHO', sentence: reads[at]!.sentence.text, detail }))
}

/** Whether words are left besides a title, which both may name: "the Opal glass lamp from" repeats nobody. */
function saysMore(words: string, { names }: Known): boolean {
  const left = names.products.reduce((rest, title) => rest.replace(` ${wordsOf(title).join(' ')} `, ' '), ` ${words} `)
  return left.trim().split(' ').length >= leastSentence
}

/** A title, a name or a carrier is no echo, unless it is an order to whoever writes. */
function foreignTexts({ situation }: Known): string[] {
  const { turns, subject, pastTickets, orders, customerName } = situation
  const names = [
    ...orders.flatMap(({ items, shipments }) => [
      ...items.map(({ title }) => title),
      ...shipments.flatMap(({ carrier, status }) => [carrier ?? '', status]),
    ]),
  ]
  return [
    ...turns.filter(({ fromAgent }) => !fromAgent).map(({ content }) => content),
    subject,
    ...pastTickets.flatMap((ticket) => [ticket.subject, ticket.resolution ?? '', ticket.category ?? '']),
    ...names.filter(isInstruction),
    ...(customerName === null || isName(customerName) ? [] : [customerName]),
  ]
}
