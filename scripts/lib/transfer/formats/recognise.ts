import type { OrderFormat } from './orders.ts'

/** The format that has these columns, in this order, and after them only its optional ones. */
export function recognise(formats: readonly OrderFormat[], header: readonly string[]): OrderFormat | null {
  const names = header.map((name) => name.trim())
  return (
    formats.find(({ columns, optional = [] }) => {
      const rest = names.slice(columns.length)
      return columns.every((column, at) => names[at] === column) && rest.every((name) => optional.includes(name))
    }) ?? null
  )
}
