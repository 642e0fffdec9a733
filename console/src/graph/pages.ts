import type { FieldPolicy, Reference } from '@apollo/client'

type Page = Record<string, unknown> & { nodes?: readonly Reference[] }

/** A list whose pages add up to one, each entity once, whatever page it came with. */
export const pagesOf = (field: 'nodes'): FieldPolicy<Page> => ({
  keyArgs: false,
  merge(before, incoming) {
    const known = before?.[field]
    const fresh = incoming[field]
    if (!known || !fresh) return { ...before, ...incoming }
    const refs = new Set(known.map(({ __ref }) => __ref))
    return { ...before, ...incoming, [field]: [...known, ...fresh.filter(({ __ref }) => !refs.has(__ref))] }
  },
})
