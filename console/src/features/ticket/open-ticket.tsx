import { memo, useMemo, useState } from 'react'
import { useCommand } from '../../commands/use-command.ts'
import { useSetting } from '../../shared/settings.ts'
import { useLasting } from '../../shared/use-lasting.ts'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { TicketToolbar } from '../ticket-side/toolbar.tsx'
import { Composer } from './composer/composer.tsx'
import { UndoSend } from './composer/undo-send.tsx'
import { useComposer } from './composer/use-composer.ts'
import { useFiles } from './composer/use-files.ts'
import { useReplying } from './composer/use-replying.ts'
import { Conversation } from './conversation/conversation.tsx'
import { itemsOf, transcriptOf } from './conversation/items.ts'
import { TicketHeader } from './header.tsx'
import { CustomerPart, Part, SideColumn, TicketPart } from './side-column.tsx'
import { MergedNotice } from './states.tsx'
import { useIsNarrow } from './use-is-narrow.ts'
import { usePresence } from './use-presence.ts'
import type { Thread } from './use-thread.ts'
import { useTyping } from './use-typing.ts'

const Conflict = lazyPart(async () => (await import('./outbox/conflict.tsx')).Conflict)

/** Below this width, what is known stands behind tabs: px. */
const narrowBelow = 860

export function OpenTicket({ ticket }: { ticket: Thread }) {
  const [root, setRoot] = useState<HTMLElement | null>(null)
  const isNarrow = useIsNarrow(root, narrowBelow)
  const [isSideOpen, setSideOpen] = useSetting('ticket.side', true)
  const [isTyping, onTyping] = useTyping()
  const present = usePresence(ticket.id, isTyping)
  const turnSide = () => setSideOpen(!isSideOpen)
  useCommand({
    id: 'ticket.side',
    title: 'Show or hide the details',
    section: 'Ticket',
    shortcut: ']',
    isEnabled: !isNarrow,
    run: turnSide,
  })
  const talk = <Talk ticket={ticket} present={present} onTyping={onTyping} />
  return (
    <div ref={setRoot} className="@container flex h-full min-h-0 flex-col bg-ground">
      <header className="flex flex-col gap-1.5 border-b border-line bg-surface px-4 pt-2.5 pb-1.5">
        <TicketHeader
          ticket={ticket}
          present={present}
          side={isNarrow ? null : { isOpen: isSideOpen, onTurn: turnSide }}
        />
        <TicketToolbar ticketId={ticket.id} />
      </header>
      {isNarrow ? (
        <Tabs
          label="Ticket"
          className="flex min-h-0 flex-1 flex-col [&>[role=tabpanel]]:min-h-0 [&>[role=tabpanel]]:flex-1 [&>[role=tabpanel]]:overflow-y-auto [&>[role=tabpanel]]:pt-0"
          tabs={[
            { id: 'talk', label: 'Conversation', content: <div className="flex h-full flex-col">{talk}</div> },
            {
              id: 'ticket',
              label: 'Ticket',
              content: (
                <div className="p-2">
                  <TicketPart ticketId={ticket.id} />
                </div>
              ),
            },
            {
              id: 'customer',
              label: 'Customer',
              content: (
                <div className="p-2">
                  <CustomerPart customerId={ticket.customer.id} />
                </div>
              ),
            },
          ]}
        />
      ) : (
        <div className="flex min-h-0 flex-1">
          <div className="flex min-w-0 flex-1 flex-col">{talk}</div>
          {isSideOpen && <SideColumn ticketId={ticket.id} customerId={ticket.customer.id} />}
        </div>
      )}
    </div>
  )
}

type TalkProps = { ticket: Thread; present: ReturnType<typeof usePresence>; onTyping: () => void }

/** The conversation, and where one takes part in it. What is written concerns the composer alone: nothing above it is drawn anew for a letter. */
const Talk = memo(function Talk({ ticket, present, onTyping }: TalkProps) {
  const messages = ticket.messages.nodes
  const composed = { id: ticket.id, number: ticket.number, revision: ticket.conversationRevision, messages }
  const model = useComposer(composed)
  const files = useFiles()
  const { entries, sent, send, edit, takeBack, store } = useReplying(composed, model, files)
  const discard = (key: string) => store.dispatch({ type: 'discarded', key })
  const notes = ticket.notes.nodes
  const items = useMemo(() => itemsOf(messages, notes, entries), [messages, notes, entries])
  const missed = model.missed.map(({ id }) => id).join(' ')
  const [editPending, discardPending] = [useLasting(edit), useLasting(discard)]
  const newIds = useMemo(() => new Set(missed.split(' ')), [missed])
  return (
    <>
      <Conversation items={items} newIds={newIds} onEditPending={editPending} onDiscardPending={discardPending} />
      <Part what="A reply that was not sent">
        {entries.map(({ reply, state }) =>
          state.is === 'conflict' ? (
            <Conflict
              key={reply.key}
              reply={reply}
              transcript={transcriptOf(messages)}
              onSend={() => store.dispatch({ type: 'resent', key: reply.key, as: crypto.randomUUID() })}
              onEdit={() => edit(reply.key)}
              onDiscard={() => discard(reply.key)}
            />
          ) : null,
        )}
      </Part>
      {sent && (
        <UndoSend
          key={sent.messageId}
          sent={sent}
          onRecalled={(reply) => {
            store.recalled(sent.messageId)
            takeBack(reply)
          }}
        />
      )}
      {ticket.mergedInto ? (
        <MergedNotice into={ticket.mergedInto.number} />
      ) : (
        <Composer {...{ model, files, present, onTyping }} ticket={composed} onSend={send} />
      )}
    </>
  )
})
