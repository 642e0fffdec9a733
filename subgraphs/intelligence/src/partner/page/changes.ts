import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GraphQLSchema } from 'graphql'
import { z } from 'zod'

const text = z.string().min(1)
const day = z.iso.date()

const changesForm = z.array(
  z.strictObject({
    date: day,
    title: text,
    added: z.array(text).default([]),
    deprecated: z.array(z.strictObject({ element: text, until: day, instead: text })).default([]),
  }),
)
const breakingForm = z.array(z.object({ path: text, reason: text, date: day }))

/** What changed for partners on a day. */
export type Change = z.output<typeof changesForm>[number] & { removed: { element: string; reason: string }[] }

const folder = join(import.meta.dirname, '../../../../../schema')
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))

/** The newest first: schema/partner-changes.json, with those of schema/breaking-changes.json that are about what partners know. */
export function changesOf(
  schema: GraphQLSchema,
  given: unknown = read('partner-changes.json'),
  breaking: unknown = read('breaking-changes.json'),
): Change[] {
  const changes = changesForm.parse(given)
  const announced = new Set(changes.flatMap(({ added }) => added))
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map(
    (type) => type?.name,
  )
  const isTheirs = (path: string) => {
    const [type = ''] = path.split('.')
    return announced.has(path) || (!roots.includes(type) && schema.getType(type) !== undefined)
  }
  const broken = breakingForm.parse(breaking).filter(({ path }) => isTheirs(path))
  const days = [...new Set([...changes, ...broken].map(({ date }) => date))].toSorted().reverse()
  return days.flatMap((date) => {
    const removed = broken.filter((one) => one.date === date).map(({ path, reason }) => ({ element: path, reason }))
    const own = changes.filter((one) => one.date === date)
    const [first = { date, title: 'Changed', added: [], deprecated: [] }, ...rest] = own
    return [{ ...first, removed }, ...rest.map((one) => ({ ...one, removed: [] }))]
  })
}
