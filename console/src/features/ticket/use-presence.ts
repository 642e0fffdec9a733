import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import { mutate } from '../../graph/mutate.ts'
import { useViewer } from '../../session/viewer.tsx'
import {
  TicketPresenceChangedDocument,
  TicketSetPresenceDocument,
  type TicketPresenceFragment,
} from './generated/Presence.ts'

export type Present = TicketPresenceFragment

/** Presence lapses after 30 seconds; said in time, even where a timer is late. */
const beatMs = 20_000

/** Tells that the agent is at a ticket, and who else is. */
export function usePresence(ticketId: string, isTyping: boolean): readonly Present[] {
  const { apollo, live } = useGraph()
  const me = useViewer().agent?.id
  const [present, setPresent] = useState<readonly Present[]>([])
  const activity = isTyping ? 'TYPING' : 'VIEWING'

  const tell = useCallback(() => {
    const input = { ticketId, activity } as const
    void mutate(apollo, TicketSetPresenceDocument, { input }, { isQuiet: true }).then((outcome) => {
      if (outcome.isGood) setPresent(outcome.payload.viewers)
    })
  }, [apollo, ticketId, activity])
  useEffect(() => {
    tell()
    const timer = setInterval(tell, beatMs)
    return () => clearInterval(timer)
  }, [tell])

  const again = useEffectEvent(() => tell())
  useEffect(
    () =>
      live.subscribe(
        { document: TicketPresenceChangedDocument, variables: { ticketId }, hasCursor: false },
        {
          next: ({ presenceChanged }) => setPresent(presenceChanged),
          resync: () => (again(), null),
        },
      ),
    [live, ticketId],
  )
  return present.filter(({ agent, activity }) => agent.id !== me && activity !== 'IDLE')
}
