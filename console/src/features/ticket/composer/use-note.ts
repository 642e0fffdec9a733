import { useRef } from 'react'
import { useGraph } from '../../../graph/graph.tsx'
import { useMutate } from '../../../graph/mutate.ts'
import { useViewer } from '../../../session/viewer.tsx'
import type { TicketNoteFragment } from '../generated/Ticket.ts'
import { addNote } from '../thread.ts'
import { TicketAddNoteDocument, TicketMentionableDocument } from './generated/Composer.ts'
import { mentionedIn } from './mention.ts'

/** Writes a note: it stands in the thread at once, and is taken out again where it was refused. */
export function useNote(ticketId: string) {
  const { apollo } = useGraph()
  const { agent } = useViewer()
  const [run, isBusy] = useMutate(TicketAddNoteDocument)
  // A note that nobody knows the fate of is written again under its key.
  const unsure = useRef<{ content: string; key: string } | null>(null)

  const write = async (content: string): Promise<boolean> => {
    const key = unsure.current?.content === content ? unsure.current.key : crypto.randomUUID()
    unsure.current = { content, key }
    const agents = apollo.readQuery({ query: TicketMentionableDocument })?.agents?.nodes ?? []
    const mentionIds = mentionedIn(content, agents)
    const mentions = agents.filter(({ id }) => mentionIds.includes(id))
    const optimistic: TicketNoteFragment = {
      __typename: 'Note',
      id: `new-${key}`,
      content,
      createdAt: new Date().toISOString(),
      author: { __typename: 'Agent', id: agent?.id ?? '', name: agent?.name ?? '' },
      mentions: mentions.map(({ id, name }) => ({ __typename: 'Agent', id, name })),
    }
    const outcome = await run(
      { input: { ticketId, content, mentionIds, idempotencyKey: key } },
      {
        optimisticResponse: {
          __typename: 'Mutation',
          addNote: { __typename: 'NotePayload', asOf: null, note: optimistic, userErrors: [] },
        },
        update: (cache, { data }) => {
          if (data?.addNote.note) addNote(cache, ticketId, data.addNote.note.id)
        },
      },
    )
    if (outcome.isGood) unsure.current = null
    return outcome.isGood
  }
  return { write, isBusy }
}
