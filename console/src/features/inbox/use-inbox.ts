import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useGraph, type Graph } from '../../graph/graph.tsx'
import { useViewer } from '../../session/viewer.tsx'
import { createInboxList, type InboxList, type InboxView } from './list.ts'
import { filterOf, inboxSearch, type InboxSearch } from './search.ts'

/** Lists by filter and person, so that who comes back sees at once what was there; they are read afresh all the same. */
const lists = new WeakMap<Graph, Map<string, InboxList>>()
const mostLists = 8

function listOf(graph: Graph, key: string, make: () => InboxList): InboxList {
  const known = lists.get(graph) ?? new Map<string, InboxList>()
  lists.set(graph, known)
  const list = known.get(key) ?? make()
  known.delete(key)
  known.set(key, list)
  const [oldest] = known.keys()
  if (known.size > mostLists && oldest !== undefined) known.delete(oldest)
  return list
}

/** The list that a filter asks for, followed as long as it is shown. */
export function useInboxList({ queue, channel, whose }: InboxSearch): InboxList {
  const graph = useGraph()
  const viewerId = useViewer().agent?.id ?? ''
  const list = useMemo(() => {
    const filter = filterOf(
      { ...(queue !== undefined && { queue }), ...(channel && { channel }), ...(whose && { whose }) },
      viewerId,
    )
    return listOf(graph, JSON.stringify([viewerId, filter]), () => createInboxList(graph, filter))
  }, [graph, viewerId, queue, channel, whose])
  useEffect(() => list.start(), [list])
  return list
}

/** What is taken of the list as it is now: whoever takes a plain value is drawn anew only when that changes. */
export const useInboxView = <Taken>(list: InboxList, take: (view: InboxView) => Taken): Taken =>
  useSyncExternalStore(list.subscribe, () => take(list.view()))

/** Where the inbox stands by its address: which ticket is open, what narrows the list; and how to change that. */
export function useInboxAddress() {
  const number = useRouterState({ select: ({ location }) => numberIn(location.pathname) })
  const given = useRouterState({ select: ({ location }) => location.search as Record<string, unknown> })
  const search = useMemo(() => inboxSearch(given), [given])
  const navigate = useNavigate()
  return useMemo(
    () => ({
      number,
      search,
      open: (next: number) =>
        void navigate({ to: '/inbox/$number', params: { number: String(next) }, search: search as never }),
      close: () => void navigate({ to: '/inbox', search: search as never }),
      /** From what the address says by then. */
      narrow: (change: (now: InboxSearch) => InboxSearch, replace = false) =>
        void navigate({
          ...(number === null
            ? { to: '/inbox' as const }
            : { to: '/inbox/$number' as const, params: { number: String(number) } }),
          search: (now: Record<string, unknown>) => change(inboxSearch(now)),
          replace,
        } as never),
    }),
    [number, search, navigate],
  )
}

const numberIn = (pathname: string): number | null => {
  const [, number] = /^\/inbox\/(\d+)/.exec(pathname) ?? []
  return number === undefined ? null : Number(number)
}
