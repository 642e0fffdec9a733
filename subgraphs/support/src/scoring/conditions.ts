import { Prisma } from '../../generated/prisma/client.ts'

const { sql, join } = Prisma

/** A Prisma condition on a ticket's own columns as SQL on the table `t`. Throws on what it does not know, never leaves it out. */
export function conditionSql(condition: Prisma.TicketWhereInput): Prisma.Sql {
  const parts = Object.entries(condition).map(([field, wanted]) => fieldSql(field, wanted))
  return parts.length === 0 ? sql`TRUE` : sql`(${join(parts, ' AND ')})`
}

function fieldSql(field: string, wanted: unknown): Prisma.Sql {
  const column = Prisma.raw(`t.${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`)
  const type = Prisma.raw(
    field === 'id' || field.endsWith('Id') ? 'uuid' : field.endsWith('At') ? 'timestamptz' : 'text',
  )
  if (wanted === null) return sql`${column} IS NULL`
  if (typeof wanted === 'string') return sql`${column} = ${wanted}::${type}`
  if (typeof wanted !== 'object') throw unknown(field)
  const parts = Object.entries(wanted).map(([operator, value]: [string, unknown]) => {
    if (operator === 'in' && Array.isArray(value)) return sql`${column} = ANY (${value}::${type}[])`
    if (operator === 'not' && value === null) return sql`${column} IS NOT NULL`
    if (operator === 'has' && typeof value === 'string') return sql`${column} @> ARRAY[${value}::${type}]`
    if (operator === 'gte' && value instanceof Date) return sql`${column} >= ${value}::${type}`
    if (operator === 'lt' && value instanceof Date) return sql`${column} < ${value}::${type}`
    throw unknown(`${field}.${operator}`)
  })
  return join(parts, ' AND ')
}

const unknown = (what: string) => new Error(`The inbox has no SQL for the condition ${what}.`)
