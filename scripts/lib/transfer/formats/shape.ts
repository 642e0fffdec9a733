import { z } from 'zod'
import { parseInstant } from '../instants.ts'

// What the canonical records have in common. Rules on content (lengths, codes) are the services': here it is only their shape.

/** PostgreSQL refuses half a surrogate pair, and with it the whole batch. */
export const string = z.string().refine((text) => text.isWellFormed(), 'not well-formed Unicode')
export const optionalString = string.nullish()
export const instant = z.string().transform((text, context) => {
  const date = parseInstant(text)
  if (date) return date
  context.addIssue({ code: 'custom', message: 'no instant such as 2026-01-31T12:00:00Z' })
  return z.NEVER
})
export const optionalInstant = instant.nullish()
/** A decimal string; a JSON number is taken as it is written. */
export const amount = z.union([z.string(), z.number().transform(String)])

/** `items.sku: Invalid input`: the first rule that a record breaks, without places in lists, so that reasons can be counted. */
export function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues
  const path = issue?.path.filter((key) => typeof key === 'string').join('.')
  return `${path ? `${path}: ` : ''}${issue?.message ?? 'not valid'}`
}

/** A record of a CSV file by its columns; an empty cell is null. Returns a reason when the number of cells is not the header's. */
export function byColumn(header: readonly string[], cells: readonly string[]): Record<string, string | null> | string {
  if (cells.length !== header.length) return `not ${header.length} columns`
  return Object.fromEntries(header.map((column, at) => [column, cells[at] || null]))
}

/** The JSON value of a cell; undefined for an empty or missing one. @throws SyntaxError */
export const jsonCell = (cell: string | null | undefined): unknown => (cell ? (JSON.parse(cell) as unknown) : undefined)

/** A switch in a cell: true, false, 1, 0; what is neither stays text and is refused as no boolean. */
export const booleanCell = (cell: string | null | undefined): unknown =>
  cell === 'true' || cell === '1' ? true : cell === 'false' || cell === '0' ? false : (cell ?? undefined)

/** A number in a cell; what is none stays text, and is refused as no number. */
export const numberCell = (cell: string | null | undefined): number | string | null =>
  cell ? (Number.isNaN(Number(cell)) ? cell : Number(cell)) : null
