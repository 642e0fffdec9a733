import { useEffect, useSyncExternalStore } from 'react'
import { useGraph, type Graph } from '../../graph/graph.tsx'

const key = 'quimbi.inbox.seen'
/** What was open longer ago counts as new again. */
const most = 1_000

/** Which message was the last when a ticket was last open at this browser. Read once: every row asks. */
export type Seen = {
  lastOf(ticketId: string): string | undefined
  mark(ticketId: string, messageId: string): void
  subscribe(listener: () => void): () => void
}

export function createSeen(storage: Storage = localStorage): Seen {
  const listeners = new Set<() => void>()
  let seen = read(storage)
  const tell = () => listeners.forEach((listener) => listener())
  const readAgain = (event: StorageEvent) => {
    if (event.key !== key) return
    seen = read(storage)
    tell()
  }
  return {
    lastOf: (ticketId) => seen.get(ticketId),
    mark(ticketId, messageId) {
      seen.delete(ticketId)
      seen.set(ticketId, messageId)
      const [oldest] = seen.keys()
      if (seen.size > most && oldest !== undefined) seen.delete(oldest)
      storage.setItem(key, JSON.stringify([...seen]))
      tell()
    },
    subscribe(listener) {
      if (listeners.size === 0) window.addEventListener('storage', readAgain)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) window.removeEventListener('storage', readAgain)
      }
    },
  }
}

function read(storage: Storage): Map<string, string> {
  try {
    return new Map(JSON.parse(storage.getItem(key) ?? '[]') as [string, string][])
  } catch {
    return new Map()
  }
}

const stores = new WeakMap<Graph, Seen>()
function seenOf(graph: Graph): Seen {
  const known = stores.get(graph) ?? createSeen()
  stores.set(graph, known)
  return known
}

type Listed = { id: string; lastMessage: { id: string; fromAgent: boolean } | null }

/** Whether the customer said something since the ticket was last open here. What is open is being read. */
export function useUnread({ id, lastMessage }: Listed, isOpen: boolean): boolean {
  const seen = seenOf(useGraph())
  const last = useSyncExternalStore(seen.subscribe, () => seen.lastOf(id))
  const messageId = lastMessage?.id
  useEffect(() => {
    if (isOpen && messageId !== undefined && last !== messageId) seen.mark(id, messageId)
  }, [isOpen, seen, id, messageId, last])
  return !isOpen && lastMessage?.fromAgent === false && last !== messageId
}
