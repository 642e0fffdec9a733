import type { ReactNode } from 'react'
import { Ago } from '../../../shared/now.tsx'
import { Badge } from '../../../ui/badge.tsx'
import type { Column } from '../../../ui/table.tsx'
import { RowName } from '../parts/listing.tsx'

type Endpoint = {
  id: string
  url: string
  isActive: boolean
  secretHint: string
  failingSince?: string | null
  disabledReason?: string | null
}

/** What is shown of an endpoint of either kind. */
export const endpointColumns = <Row extends Endpoint>(
  edit: ((endpoint: Row) => void) | undefined,
  about: (endpoint: Row) => ReactNode,
): Column<Row>[] => [
  {
    id: 'url',
    title: 'Address',
    isHeading: true,
    className: 'max-w-80 break-all',
    cell: (endpoint) => (
      <RowName
        name={endpoint.url}
        below={`Secret ${endpoint.secretHint}`}
        onOpen={edit ? () => edit(endpoint) : undefined}
      />
    ),
  },
  { id: 'about', title: 'Is told of', cell: about },
  { id: 'state', title: 'State', cell: (endpoint) => <State endpoint={endpoint} /> },
]

function State({ endpoint: { isActive, failingSince, disabledReason } }: { endpoint: Endpoint }) {
  if (!isActive)
    return (
      <div className="flex flex-col items-start gap-0.5">
        <Badge tone={disabledReason ? 'bad' : 'neutral'}>Switched off</Badge>
        {disabledReason && <span className="text-xs text-ink-soft">{disabledReason}</span>}
      </div>
    )
  if (failingSince)
    return (
      <div className="flex flex-col items-start gap-0.5">
        <Badge tone="warn">Failing</Badge>
        <span className="text-xs text-ink-soft">
          since <Ago at={failingSince} />
        </span>
      </div>
    )
  return <Badge tone="good">Working</Badge>
}
