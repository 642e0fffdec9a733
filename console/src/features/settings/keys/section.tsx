import { useQuery } from '@apollo/client/react'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { formatDate } from '../../../shared/format.ts'
import { Ago } from '../../../shared/now.tsx'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import type { Column } from '../../../ui/table.tsx'
import { ConfirmRemoval } from '../parts/confirm.tsx'
import { actionsColumn, Listing, RowName } from '../parts/listing.tsx'
import { useSave } from '../parts/save.ts'
import { ShownOnce } from '../parts/shown-once.tsx'
import { useCreateCommand } from '../parts/use-create.ts'
import {
  SettingsApiKeysDocument,
  SettingsRevokeApiKeyDocument,
  type ApiKeyStatus,
  type SettingsApiKeyFragment,
} from './generated/Keys.ts'
import { KeyCreation } from './key-creation.tsx'
import { KeyReads } from './key-reads.tsx'
import { KeyRotation } from './key-rotation.tsx'

type Shown =
  | { kind: 'new' }
  | { kind: 'rotate' | 'revoke' | 'reads'; key: SettingsApiKeyFragment }
  | { kind: 'told'; secret: string }
  | null

export function KeysSection() {
  const [shown, setShown] = useState<Shown>(null)
  const { data, error, refetch } = useQuery(SettingsApiKeysDocument, { fetchPolicy: 'cache-and-network' })
  const [revoke] = useSave(SettingsRevokeApiKeyDocument, {
    said: 'The key is revoked. It opens nothing from now on.',
    refetch: [SettingsApiKeysDocument],
  })
  const create = () => setShown({ kind: 'new' })
  useCreateCommand('partner key', true, create)
  const close = () => setShown(null)
  const tell = (secret: string | null | undefined) => setShown(secret ? { kind: 'told', secret } : null)
  return (
    <>
      <Listing
        caption="Partner keys"
        answer={{ rows: data?.apiKeys, error: error, refetch }}
        keyOf={({ id }) => id}
        isMuted={({ status }) => status === 'REVOKED' || status === 'EXPIRED'}
        columns={[
          ...columns((key) => setShown({ kind: 'reads', key })),
          actionsColumn<SettingsApiKeyFragment>(
            ({ name }) => name,
            (key) => [
              { id: 'reads', label: 'What it read', run: () => setShown({ kind: 'reads', key }) },
              ...(key.status === 'LIVE'
                ? [{ id: 'rotate', label: 'Rotate…', run: () => setShown({ kind: 'rotate', key }) }]
                : []),
              ...(key.status === 'LIVE' || key.status === 'REPLACED'
                ? [
                    { id: 'line', separator: true as const },
                    { id: 'revoke', label: 'Revoke…', isDanger: true, run: () => setShown({ kind: 'revoke', key }) },
                  ]
                : []),
            ],
          ),
        ]}
        empty={{
          icon: KeyRound,
          title: 'No partner has a key yet',
          text: 'With a key a shop, a data warehouse or a colleague’s tool sends orders, or asks what is known of customers. Each has its own, so that each can be ended.',
        }}
        create={{ label: 'New key', run: create }}
      />
      {shown?.kind === 'new' && <KeyCreation onClose={close} onTold={tell} />}
      {shown?.kind === 'rotate' && <KeyRotation apiKey={shown.key} onClose={close} onTold={tell} />}
      {shown?.kind === 'reads' && <KeyReads apiKey={shown.key} onClose={close} />}
      {shown?.kind === 'revoke' && (
        <ConfirmRemoval
          verb="Revoke"
          what={`the key ${shown.key.name}`}
          onClose={close}
          onConfirm={() => revoke({ input: { id: shown.key.id } })}
        >
          Whoever uses it is shut out at once, and open subscriptions end. To replace it without a gap, rotate it.
        </ConfirmRemoval>
      )}
      {shown?.kind === 'told' && (
        <ShownOnce
          title="Your new key"
          label="New partner key"
          secret={shown.secret}
          advice="Give it to your partner by a safe way."
          onClose={close}
        />
      )}
    </>
  )
}

const tones: Record<ApiKeyStatus, [Tone, string]> = {
  LIVE: ['good', 'Live'],
  REPLACED: ['warn', 'Being replaced'],
  EXPIRED: ['neutral', 'Expired'],
  REVOKED: ['neutral', 'Revoked'],
}

const columns = (open: (key: SettingsApiKeyFragment) => void): Column<SettingsApiKeyFragment>[] => [
  {
    id: 'name',
    title: 'Name',
    isHeading: true,
    cell: (key) => <RowName name={key.name} below={<code>{key.prefix}…</code>} onOpen={() => open(key)} />,
  },
  {
    id: 'status',
    title: 'Status',
    cell: ({ status }) => <Badge tone={tones[status][0]}>{tones[status][1]}</Badge>,
  },
  {
    id: 'scopes',
    title: 'May',
    cell: ({ scopes }) => (
      <span className="flex flex-wrap gap-1">
        {scopes.map((scope) => (
          <Badge key={scope}>{scope}</Badge>
        ))}
      </span>
    ),
  },
  {
    id: 'used',
    title: 'Last used',
    className: 'whitespace-nowrap',
    cell: ({ lastUsedAt }) => (lastUsedAt ? <Ago at={lastUsedAt} /> : <span className="text-ink-faint">Never</span>),
  },
  {
    id: 'ends',
    title: 'Ends',
    className: 'whitespace-nowrap',
    cell: ({ expiresAt, revokedAt }) =>
      revokedAt ? (
        formatDate(revokedAt)
      ) : expiresAt ? (
        <Ago at={expiresAt} />
      ) : (
        <span className="text-ink-faint">Never</span>
      ),
  },
  {
    id: 'rate',
    title: 'Requests a minute',
    isNumber: true,
    cell: ({ requestsPerMinute }) => requestsPerMinute.toLocaleString(),
  },
]
