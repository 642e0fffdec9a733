import { useQuery } from '@apollo/client/react'
import { BookOpen } from 'lucide-react'
import { words } from '../../../shared/format.ts'
import { Ago } from '../../../shared/now.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import type { Column } from '../../../ui/table.tsx'
import { Listing } from '../parts/listing.tsx'
import {
  SettingsApiKeyReadsDocument,
  type SettingsApiKeyFragment,
  type SettingsApiKeyReadsQuery,
} from './generated/Keys.ts'

/** What was asked with a key, newest first. */
export function KeyReads({ apiKey, onClose }: { apiKey: SettingsApiKeyFragment; onClose: () => void }) {
  const { data, error, refetch, fetchMore } = useQuery(SettingsApiKeyReadsDocument, {
    variables: { id: apiKey.id },
    fetchPolicy: 'network-only',
  })
  const reads = data?.apiKey?.reads
  const more = () =>
    fetchMore({
      variables: { after: reads?.pageInfo.endCursor ?? null },
      updateQuery: (before, { fetchMoreResult: { apiKey: next } }) => ({
        ...before,
        apiKey:
          before.apiKey && next
            ? { ...next, reads: { ...next.reads, nodes: [...before.apiKey.reads.nodes, ...next.reads.nodes] } }
            : (before.apiKey ?? null),
      }),
    })
  return (
    <Dialog
      isOpen
      isWide
      onClose={onClose}
      title={`What ${apiKey.name} read`}
      description="Every request of the last 90 days, newest first."
    >
      <Listing
        caption={`Requests of ${apiKey.name}`}
        answer={{ rows: reads?.nodes, error, refetch }}
        keyOf={({ id }) => id}
        columns={columns}
        empty={{ icon: BookOpen, title: 'Nothing yet', text: 'What is asked with this key shows here a second later.' }}
        after={
          reads?.pageInfo.hasNextPage && (
            <Button className="self-center" onClick={() => void more()}>
              Show more
            </Button>
          )
        }
      />
    </Dialog>
  )
}

type Read = NonNullable<SettingsApiKeyReadsQuery['apiKey']>['reads']['nodes'][number]

const tones = { OK: 'good', REFUSED: 'warn', FAILED: 'bad' } as const

const columns: Column<Read>[] = [
  { id: 'at', title: 'When', className: 'whitespace-nowrap', cell: ({ at }) => <Ago at={at} /> },
  {
    id: 'what',
    title: 'What',
    isHeading: true,
    cell: ({ operationName, fields }) => (
      <>
        {operationName ?? 'Without a name'}
        <span className="block text-xs font-normal text-ink-faint">{fields.join(', ')}</span>
      </>
    ),
  },
  { id: 'customers', title: 'Customers', isNumber: true, cell: ({ customers }) => customers },
  { id: 'cost', title: 'Cost', isNumber: true, cell: ({ cost }) => cost },
  {
    id: 'outcome',
    title: 'Outcome',
    cell: ({ outcome }) => <Badge tone={tones[outcome]}>{outcome === 'OK' ? 'OK' : words(outcome)}</Badge>,
  },
]
