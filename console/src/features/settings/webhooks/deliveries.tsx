import { useQuery } from '@apollo/client/react'
import { Send } from 'lucide-react'
import { Ago } from '../../../shared/now.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import type { Column } from '../../../ui/table.tsx'
import { Listing } from '../parts/listing.tsx'
import { SettingsInsightWebhookDeliveriesDocument } from './generated/InsightWebhooks.ts'
import { SettingsWebhookDeliveriesDocument } from './generated/Webhooks.ts'

/** An attempt to send something, of either kind of webhook. */
type Delivery = {
  id: string
  about: string
  attempt: number
  statusCode?: number | null
  deliveredAt?: string | null
  nextAttemptAt?: string | null
  error?: string | null
}

type DeliveriesProps = { of: 'tickets' | 'insight'; id: string; url: string; onClose: () => void }

export function Deliveries({ of, url, onClose, id }: DeliveriesProps) {
  return (
    <Dialog isOpen isWide onClose={onClose} title="Deliveries" description={`The last 20 to ${url}, newest first.`}>
      {of === 'tickets' ? <TicketDeliveries id={id} /> : <InsightDeliveries id={id} />}
    </Dialog>
  )
}

function TicketDeliveries({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(SettingsWebhookDeliveriesDocument, { fetchPolicy: 'network-only' })
  const rows = data?.webhookEndpoints
    .find((endpoint) => endpoint.id === id)
    ?.deliveries.nodes.map(({ eventId, ...delivery }) => ({ ...delivery, about: `Event ${eventId}` }))
  return <Log answer={{ rows, error, refetch }} />
}

function InsightDeliveries({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(SettingsInsightWebhookDeliveriesDocument, { fetchPolicy: 'network-only' })
  const rows = data?.insightWebhooks
    .find((webhook) => webhook.id === id)
    ?.deliveries.nodes.map(({ customerId, ...delivery }) => ({ ...delivery, about: `Customer ${customerId}` }))
  return <Log answer={{ rows, error, refetch }} />
}

function Log({
  answer,
}: {
  answer: { rows: readonly Delivery[] | undefined; error: unknown; refetch: () => unknown }
}) {
  return (
    <Listing
      caption="Deliveries"
      answer={answer}
      keyOf={({ id }) => id}
      columns={columns}
      empty={{ icon: Send, title: 'Nothing was sent yet', text: 'Each attempt shows here, with what was answered.' }}
    />
  )
}

const columns: Column<Delivery>[] = [
  {
    id: 'about',
    title: 'What',
    isHeading: true,
    className: 'text-xs break-all',
    cell: ({ about, error }) => (
      <>
        {about}
        {error && <span className="block font-normal text-bad">{error}</span>}
      </>
    ),
  },
  { id: 'attempt', title: 'Attempt', isNumber: true, cell: ({ attempt }) => attempt },
  { id: 'code', title: 'Answer', isNumber: true, cell: ({ statusCode }) => statusCode ?? '–' },
  {
    id: 'state',
    title: 'State',
    className: 'whitespace-nowrap',
    cell: ({ deliveredAt, nextAttemptAt }) =>
      deliveredAt ? (
        <>
          <Badge tone="good">Delivered</Badge> <Ago at={deliveredAt} className="text-xs" />
        </>
      ) : nextAttemptAt ? (
        <>
          <Badge tone="warn">Tries again</Badge> <Ago at={nextAttemptAt} className="text-xs" />
        </>
      ) : (
        <Badge tone="bad">Given up</Badge>
      ),
  },
]
