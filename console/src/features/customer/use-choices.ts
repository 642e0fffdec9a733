import { useQuery } from '@apollo/client/react'
import { useViewer } from '../../session/viewer.tsx'
import type { Names } from './filter.ts'
import { CustomersChoicesDocument } from './generated/Search.ts'

/** What a filter may name, and how it is called. Empty while Intelligence is away. */
export function useChoices() {
  const { currencyCode } = useViewer().tenant
  const { data, error } = useQuery(CustomersChoicesDocument)
  const archetypes = data?.archetypes ?? []
  const segments = data?.segments ?? []
  const names: Names = {
    currencyCode,
    archetype: (id) => archetypes.find((one) => one.id === id)?.name,
    segment: (id) => segments.find((one) => one.id === id),
  }
  return { archetypes, segments, names, isAway: error !== undefined }
}
