import { useSyncExternalStore } from 'react'
import { useGraph, type Graph } from '../../../graph/graph.tsx'
import { mutate } from '../../../graph/mutate.ts'
import { useViewer } from '../../../session/viewer.tsx'
import { TicketDraftOutcomeDocument } from '../composer/generated/Composer.ts'
import { addMessage } from '../thread.ts'
import { keepingOf } from './kept.ts'
import type { Entry } from './outbox.ts'
import { sendReply } from './send.ts'
import { createOutboxStore, type OutboxStore } from './store.ts'

/** One outbox for each agent at a graph, from when they are first seen until they log out. */
const stores = new WeakMap<Graph, { agent: string; store: OutboxStore }>()

function storeOf(graph: Graph, agent: string): OutboxStore {
  const there = stores.get(graph)
  if (there?.agent === agent) return there.store
  there?.store.stop()
  const login = graph.session.current()
  const isMine = () => {
    const now = graph.session.current()
    return now !== null && now.tenant === login?.tenant && now.email === login.email
  }
  const store = createOutboxStore({
    keeping: keepingOf(agent),
    send: (reply) => sendReply(graph.apollo, reply),
    isMine,
    onSent(reply, message) {
      addMessage(graph.apollo.cache, reply.ticketId, message.id)
      if (reply.draftId !== null) tellSent(graph, reply.draftId, reply.isAsDrafted)
    },
    onMissed: (reply, missed) => missed.forEach(({ id }) => addMessage(graph.apollo.cache, reply.ticketId, id)),
  })
  stores.set(graph, { agent, store })
  // The connection is back before the browser says so, and where it never does.
  const leaveLive = graph.live.onStatus(
    () => graph.live.status().state === 'live' && store.dispatch({ type: 'online' }),
  )
  const leave = graph.session.subscribe(() => {
    if (isMine()) return
    store.stop()
    if (stores.get(graph)?.store === store) stores.delete(graph)
    leaveLive()
    leave()
  })
  return store
}

/** What was sent the helpdesk knows itself; the models are told. */
function tellSent({ apollo }: Graph, draftId: string, isAsDrafted: boolean): void {
  const input = { draftId, outcome: isAsDrafted ? 'SENT_UNCHANGED' : 'SENT_EDITED' }
  void mutate(apollo, TicketDraftOutcomeDocument, { input }, { isQuiet: true })
}

export function useOutboxStore(): OutboxStore {
  const graph = useGraph()
  const { agent, tenant } = useViewer()
  return storeOf(graph, `${tenant.id}.${agent?.id ?? 'nobody'}`)
}

/** The agent's replies that have not arrived. */
export function useOutbox(): readonly Entry[] {
  const store = useOutboxStore()
  return useSyncExternalStore(store.subscribe, store.current).entries
}
