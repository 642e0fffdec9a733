import type { Policy, PolicyKind, Situation } from '../situation.ts'
import { linksIn } from './facts/contacts.ts'
import type { Names } from './facts/known.ts'
import { plain } from './plain.ts'
import type { Read } from './reading.ts'
import { type Sources, sourcesOf } from './records.ts'

/** A situation as rules ask about it. */
export type Known = {
  situation: Situation
  names: Names
  sources: Sources
  /** web and e-mail addresses that our side publishes */
  links: ReadonlySet<string>
  /** sentences that were read, by their words and cites */
  reads: Map<string, Read>
  policiesOf(...kinds: readonly PolicyKind[]): Policy[]
}

/** Letters, spaces and few signs: what a person or a business is called. Anything longer is no name, and shown to nobody unread. */
const nameLike = /^(?=.{2,60}$)[\p{L}\p{M}\d&.'’,!+ -]+$/u
const mostNameWords = 6

export const isName = (text: string): boolean => {
  const words = text.trim().split(/\s+/).length
  return nameLike.test(text) && words <= mostNameWords && !(words > 3 && /\d/.test(text)) && !commands(text, 1)
}

/** A text is verified as written and as rendered: the situation is read once. */
const read = new WeakMap<Situation, Known>()

export function knownOf(situation: Situation): Known {
  const known = read.get(situation) ?? knowing(situation)
  read.set(situation, known)
  return known
}

function knowing(situation: Situation): Known {
  const names = namesOf(situation)
  const published = [...situation.policies.map(({ text }) => text), situation.signature ?? '', situation.brand]
  return {
    situation,
    names,
    sources: sourcesOf(situation, names),
    links: new Set(published.flatMap((text) => linksIn(plain(text)).map(({ link }) => link))),
    reads: new Map(),
    policiesOf: (...kinds) => situation.policies.filter(({ kind }) => kinds.includes(kind)),
  }
}

/** Parts of names are names; the longest first, so that a part is not covered before its whole. */
function namesOf({ customerName, agentName, brand, signature, orders, policies, turns }: Situation): Names {
  const clean = (texts: readonly (string | null)[]) => [
    ...new Set(texts.flatMap((text) => (text === null || text.trim() === '' ? [] : plain(text)))),
  ]
  const people = clean([customerName, agentName, brand]).filter(isName)
  const parts = people.flatMap((name) =>
    name.split(/[\s,]+/).filter((part) => [...part].length > 1 && /^\p{Lu}|\p{Lo}/u.test(part)),
  )
  const items = orders.flatMap(({ items }) => items)
  const ours = [
    brand,
    signature,
    agentName,
    ...policies.map(({ text }) => text),
    ...turns.filter(({ fromAgent }) => fromAgent).map(({ content }) => content),
    ...items.map(({ title }) => title),
  ]
  const longest = (a: string, b: string) => b.length - a.length
  return {
    people: [...new Set([...people, ...parts])].sort(longest),
    products: clean([...items.map(({ title }) => title), ...items.map(({ sku }) => sku)])
      .filter((title) => title.length >= 3 && !isInstruction(title))
      .sort(longest),
    references: clean(
      orders.flatMap(({ externalId, shipments }) => [
        externalId,
        externalId.replace(/^#/, ''),
        ...shipments.map(({ trackingNumber }) => trackingNumber),
      ]),
    ).sort(longest),
    carriers: clean(orders.flatMap(({ shipments }) => shipments.map(({ carrier }) => carrier))).filter(isName),
    ours: clean(ours).join(' | ').toLowerCase(),
  }
}

const orders =
  /\b(?:ignore|disregard|instructions?|system|assistant|prompt|previous|override|tell the|reply|respond|answer with|you must|must|refund|promise|policy|send|write|say|agent|admin|developer|forget)\b/gi

/** Whether a title reads like an order to whoever writes. */
export const isInstruction = (text: string): boolean => commands(text, 2)

const commands = (text: string, least: number): boolean => (plain(text).match(orders)?.length ?? 0) >= least
