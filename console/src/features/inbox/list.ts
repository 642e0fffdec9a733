import { InboxEventsDocument, InboxSizeDocument, type InboxEventsSubscription } from './generated/Inbox.ts'
import type { TicketFilter } from '../../graph/generated/schema.ts'
import type { Graph } from '../../graph/graph.tsx'
import { createFrames } from './frames.ts'
import { createHeldOrder, type Move } from './held-order.ts'
import type { Place } from './order.ts'
import { readPage, readPages, type InboxPart } from './pages.ts'
import { placeOf } from './score.ts'

/** The list as it is shown now; another object after each change. */
export type InboxView = {
  state: 'loading' | 'ready' | 'failed'
  /** Why the last reading failed; rows that were there stay. */
  error: unknown
  length: number
  /** How many there are in all; 10,000 stands for that many or more. */
  total: number
  waiting: number
  hasMore: boolean
  isReadingOn: boolean
  at(index: number): Place | undefined
  indexOf(id: string): number
  find(number: number): Place | undefined
}

export type InboxList = {
  view(): InboxView
  subscribe(listener: () => void): () => void
  /** Reads the list and follows it; returns what ends that. */
  start(): () => void
  reload(): Promise<void>
  readOn(): Promise<void>
  hold(isHeld: boolean): void
  apply(): void
  pin(id: string | null): void
}

/** No more rows than this are read again at once. */
const mostReadAgain = 500
const countEveryMs = 10_000

/** The tickets that wait, in the server's order, live. */
export function createInboxList({ apollo, live }: Pick<Graph, 'apollo' | 'live'>, filter: TicketFilter): InboxList {
  const order = createHeldOrder()
  const listeners = new Set<() => void>()
  const frames = createFrames<Move>((moves) => change(() => move(moves)))
  /** What events said while a page was on its way: they may be newer than it. */
  let since: Map<string, Move> | null = null
  let after: string | null = null
  let reading = 0
  let isRereading = false
  let isStarted = false
  let leave: (() => void) | null = null
  let counting: ReturnType<typeof setTimeout> | undefined
  let status: Pick<InboxView, 'state' | 'error' | 'total' | 'isReadingOn'> = {
    state: 'loading',
    error: null,
    total: 0,
    isReadingOn: false,
  }
  let view = viewNow()

  function viewNow(): InboxView {
    const { length, waiting, isWhole, size, at, indexOf, find } = order
    return { ...status, total: isWhole ? size : status.total, length, waiting, hasMore: !isWhole, at, indexOf, find }
  }
  function change(make: () => void) {
    make()
    view = viewNow()
    listeners.forEach((listener) => listener())
  }
  function move(moves: readonly Move[]) {
    for (const one of moves) since?.set(one.id, one)
    order.move(moves)
    if (!order.isWhole) countSoon()
  }

  /** Puts what was read into the list, unless something newer was asked for meanwhile. */
  async function read(ask: () => Promise<InboxPart>, put: (part: InboxPart) => void): Promise<InboxPart | null> {
    const mine = ++reading
    frames.flush()
    since = new Map()
    try {
      const part = await ask()
      if (mine !== reading) return null
      frames.flush()
      const newer = since
      since = null
      isRereading = false
      after = part.after
      change(() => {
        status = { state: 'ready', error: null, total: part.total, isReadingOn: false }
        put({ ...part, places: part.places.filter(({ id }) => !newer.has(id)) })
        order.move([...newer.values()])
      })
      return part
    } catch (error) {
      if (mine === reading)
        change(() => {
          isRereading = false
          since = null
          const state = status.state === 'ready' ? 'ready' : 'failed'
          status = { ...status, state, error, isReadingOn: false }
        })
      throw error
    }
  }

  const reread = () => {
    isRereading = true
    return read(
      () => readPages(apollo, filter, Math.min(order.size, mostReadAgain)),
      ({ places, horizon }) => order.restart(places, horizon),
    )
  }

  /** Reads the list, and follows it from there unless it is followed already. */
  async function reload() {
    change(() => {
      status = { ...status, state: status.state === 'ready' ? 'ready' : 'loading', error: null }
    })
    const part = await reread().catch(() => null)
    if (part && isStarted && !leave) leave = follow(part.asOf)
  }

  async function readOn() {
    const from = after
    if (from === null || status.isReadingOn || isRereading) return
    change(() => {
      status = { ...status, isReadingOn: true, error: null }
    })
    await read(
      () => readPage(apollo, filter, from),
      ({ places, horizon }) => order.extend(places, horizon),
    ).catch(() => {})
  }

  // Of a list that is not read to its end only the server knows the length.
  function countSoon() {
    counting ??= setTimeout(() => {
      counting = undefined
      void apollo.query({ query: InboxSizeDocument, variables: { filter }, fetchPolicy: 'no-cache' }).then(
        ({ data }) => {
          if (data?.inbox) change(() => (status = { ...status, total: data.inbox.totalCount }))
        },
        () => {},
      )
    }, countEveryMs)
  }

  function follow(asOf: string) {
    return live.subscribe(
      { document: InboxEventsDocument, variables: { filter }, after: asOf },
      {
        next: ({ inboxUpdated }) => {
          const one = moveOf(inboxUpdated)
          if (one) frames.add(one)
        },
        resync: async () => (await reread())?.asOf ?? null,
        error: (failures) => change(() => (status = { ...status, error: new Error(failures[0]?.message) })),
      },
    )
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start() {
      isStarted = true
      // Who opens the inbox while it cannot be reached need not ask again.
      const retry = live.onStatus(() => {
        if (live.status().state === 'live' && status.state === 'failed') void reload()
      })
      void reload()
      return () => {
        isStarted = false
        reading += 1
        leave?.()
        leave = null
        retry()
        frames.cancel()
        clearTimeout(counting)
        counting = undefined
      }
    },
    reload,
    readOn,
    hold: (isHeld) => {
      frames.flush()
      change(() => order.hold(isHeld))
    },
    apply: () => {
      frames.flush()
      change(() => order.apply())
    },
    pin: (id) => change(() => order.pin(id)),
  }
}

/** What an event says of the ticket's place. */
function moveOf({ type, ticketId, ticket }: InboxEventsSubscription['inboxUpdated']): Move | null {
  if (type === 'LEFT_VIEW') return { id: ticketId, place: null }
  // Gone; or it could not be told now, which is no reason to take it away.
  if (!ticket) return type === 'TICKET_DELETED' ? { id: ticketId, place: null } : null
  return { id: ticketId, place: ticket.status === 'OPEN' ? placeOf(ticket) : null }
}
