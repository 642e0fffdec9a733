import type { Situation } from '../situation.ts'
import type { Written } from '../written.ts'
import { idsOf } from './ids.ts'
import { findIn, type Needle } from './needles.ts'
import { partsOf, type PersonalKind, personalIn } from './personal.ts'

export type Hidden = {
  situation: Situation
  /** Puts back what exactly these placeholders stand for; any other stays, for the verifier to find. */
  restore(text: string): string
  restoreWritten(written: Written): Written
}

/** What is no word of anybody's: our own names for things, and figures. */
const plainKeys = new Set(
  'goal channel priority kind currencyCode amount maxCompensation locale level lifecycle emotion label language'.split(
    ' ',
  ),
)
const statuses = new Set(['PLACED', 'PAID', 'FULFILLED', 'DELIVERED', 'CANCELLED', 'RETURNED'])
const placeholder = /\[[a-z]{1,12}(?:-\d{1,6})?\]/g

/**
 * A situation in which names, e-mail addresses, phones, postal addresses, order, tracking and card numbers, and the records' ids are
 * placeholders, the same for the same everywhere. What it hides is the exact text, so that `restore` gives it back letter by letter.
 * A short name is looked for as a word, one of five letters and more anywhere.
 */
export function hide(situation: Situation): Hidden {
  const ids = idsOf(situation)
  const needles = needlesOf(situation)
  const names = createNames()
  const hideText = (text: string): string => {
    let [hidden, at] = ['', 0]
    for (const { kind, from, to } of findIn(text, needles)) {
      hidden += text.slice(at, from) + names.of(kind, text.slice(from, to))
      at = to
    }
    return hidden + text.slice(at)
  }
  const hidden = mapStrings(situation, (text, key) => {
    if (key === 'id') return ids.hide(text)
    return plainKeys.has(key) || (key === 'status' && statuses.has(text)) ? text : hideText(text)
  })
  const restore = (text: string): string => text.replace(placeholder, (found) => names.behind(found) ?? found)
  return { situation: hidden, restore, restoreWritten: (written) => restoreAll(written, restore, ids.restore) }
}

/** One placeholder for one spelling: restoring must give back the very letters. */
function createNames() {
  const placeholders = new Map<string, string>()
  const originals = new Map<string, string>()
  const counts = new Map<PersonalKind, number>()
  return {
    of(kind: PersonalKind, text: string): string {
      const known = placeholders.get(text)
      if (known !== undefined) return known
      const count = (counts.get(kind) ?? 0) + 1
      counts.set(kind, count)
      const isPerson = kind === 'customer' || kind === 'agent'
      const name = isPerson && count === 1 ? `[${kind}]` : `[${kind}-${count}]`
      placeholders.set(text, name)
      originals.set(name, text)
      return name
    },
    behind: (name: string): string | undefined => originals.get(name),
  }
}

/** First what the records say, then what looks like it: the same value is then found where it looks like nothing. */
function needlesOf(situation: Situation): Needle[] {
  const named = (kind: PersonalKind, name: string | null): Needle[] =>
    partsOf(name?.trim() ?? '').map(({ text, needsCapital }) => ({ kind, text, needsCapital, isName: true }))
  const exact = (kind: PersonalKind, text: string | null): Needle[] =>
    text === null || text.trim().length < 3 ? [] : [{ kind, text: text.trim(), needsCapital: false, isName: false }]
  const seen = new Set<string>()
  const found: Needle[] = []
  mapStrings(situation, (text, key) => {
    if (key !== 'id' && !plainKeys.has(key) && !seen.has(text))
      for (const personal of personalIn(text))
        found.push(
          ...(personal.kind === 'person' ? named('person', personal.text) : exact(personal.kind, personal.text)),
        )
    seen.add(text)
    return text
  })
  const numbers = situation.orders.flatMap(({ externalId, shipments }) => [
    ...[externalId, externalId.replace(/^#/, '')].flatMap((id) => exact('order', id)),
    ...shipments.flatMap(({ trackingNumber }) => exact('tracking', trackingNumber)),
  ])
  const people = found.filter(({ kind }) => kind === 'person')
  const others = found.filter(({ kind }) => kind !== 'person').sort(longestFirst)
  const all = [
    ...others.filter(({ kind }) => kind === 'literal'),
    ...others.filter(({ kind }) => kind === 'email'),
    ...numbers.sort(longestFirst),
    ...others,
    ...named('customer', situation.customerName),
    ...named('agent', situation.agentName),
    ...people.sort(longestFirst),
  ]
  const places = new Map<string, Needle>()
  for (const needle of all) if (!places.has(needle.text)) places.set(needle.text, needle)
  return [...places.values()]
}

const longestFirst = (a: Needle, b: Needle): number => b.text.length - a.text.length

function restoreAll(written: Written, restore: (text: string) => string, restoreId: (id: string) => string): Written {
  return mapStrings(written, (text, key) => (key === 'id' ? restoreId(text) : restore(text)))
}

/** A copy in which each string is what `change` makes of it; `key`: its nearest property's name. */
function mapStrings<T>(value: T, change: (text: string, key: string) => string, key?: string): T
function mapStrings(value: unknown, change: (text: string, key: string) => string, key = ''): unknown {
  if (typeof value === 'string') return change(value, key)
  if (Array.isArray(value)) return value.map((one: unknown) => mapStrings(one, change, key))
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, mapStrings(one as unknown, change, name)]),
  )
}
