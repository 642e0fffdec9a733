import { useQuery } from '@apollo/client/react'
import { FileClock } from 'lucide-react'
import { useState } from 'react'
import { formatDateTime } from '../../../shared/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import type { Column } from '../../../ui/table.tsx'
import { Listing } from '../parts/listing.tsx'
import { Changes } from './changes.tsx'
import { AuditFilters, variablesOf, type Asked } from './filters.tsx'
import { SettingsAuditDocument, type SettingsAuditQuery } from './generated/Audit.ts'

const everything: Asked = { action: '', actorId: '', subjectId: '', from: '', to: '' }

/** Who changed or read what, newest first. */
export function AuditSection() {
  const [asked, setAsked] = useState(everything)
  const { data, previousData, error, refetch, fetchMore } = useQuery(SettingsAuditDocument, {
    variables: variablesOf(asked),
    fetchPolicy: 'cache-and-network',
  })
  // Rows of the filter before stay until those of the new one are there, unless it failed.
  const log = (data ?? (error ? undefined : previousData))?.auditLog
  const more = () =>
    fetchMore({
      variables: { after: log?.pageInfo.endCursor ?? null },
      updateQuery: (before, { fetchMoreResult }) => ({
        ...fetchMoreResult,
        auditLog: { ...fetchMoreResult.auditLog, nodes: [...before.auditLog.nodes, ...fetchMoreResult.auditLog.nodes] },
      }),
    })
  return (
    <div className="flex flex-col gap-3">
      <AuditFilters asked={asked} onAsk={setAsked} onClear={() => setAsked(everything)} />
      <Listing
        caption="Audit log"
        answer={{ rows: log?.nodes, error, refetch }}
        keyOf={({ id }) => id}
        columns={columns}
        empty={{
          icon: FileClock,
          title: 'Nothing fits',
          text: 'Changes of agents, teams, rules, policies and keys, logins, erasures and who read whom are kept here.',
        }}
        after={
          log?.pageInfo.hasNextPage && (
            <Button className="self-center" onClick={() => void more()}>
              Show more
            </Button>
          )
        }
      />
    </div>
  )
}

export type Entry = SettingsAuditQuery['auditLog']['nodes'][number]

const columns: Column<Entry>[] = [
  {
    id: 'at',
    title: 'When',
    className: 'whitespace-nowrap tabular-nums',
    cell: ({ at }) => <time dateTime={at}>{formatDateTime(at)}</time>,
  },
  { id: 'who', title: 'Who', className: 'whitespace-nowrap', cell: ({ actor }) => actorName(actor) },
  {
    id: 'what',
    title: 'What',
    isHeading: true,
    className: 'whitespace-nowrap',
    cell: ({ action }) => <Badge>{actionWords(action)}</Badge>,
  },
  {
    id: 'subject',
    title: 'To',
    className: 'whitespace-nowrap',
    cell: ({ subjectType, subjectId }) => (
      <span title={subjectId}>
        {subjectType} <code className="text-xs text-ink-faint">…{subjectId.slice(-6)}</code>
      </span>
    ),
  },
  { id: 'changes', title: 'Changes', className: 'w-2/5 text-xs', cell: ({ changes }) => <Changes changes={changes} /> },
]

function actorName(actor: Entry['actor']): string {
  if (actor.__typename === 'Customer') return actor.customerName ?? 'A customer'
  return actor.name
}

/** agent.password_changed → "Agent: password changed". */
function actionWords(action: string): string {
  const [subject = '', done = ''] = action.split('.')
  const spaced = subject
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
  const said = `${spaced.charAt(0).toUpperCase()}${spaced.slice(1)}`
  return done ? `${said}: ${done.replaceAll('_', ' ')}` : said
}
