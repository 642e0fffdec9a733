import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SchemaLink } from '@apollo/client/link/schema'
import type { LiveStatus } from '@quimbi/live/types.ts'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { act, render } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { buildSchema } from 'graphql'
import type { ReactNode } from 'react'
import { Toaster } from 'sonner'
import { Providers } from '../src/app/providers.tsx'
import { createGraph } from '../src/graph/graph.tsx'
import type { Live, LiveAsked, LiveSink } from '../src/graph/live.ts'
import type { SessionViewerFragment } from '../src/session/generated/Session.ts'
import { createSessionStore } from '../src/session/store.ts'
import { ViewerContext } from '../src/session/viewer.tsx'

/** The whole contract: what a test answers is checked against it, and so are the console's documents. */
const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema/api.graphql'), 'utf8'))

/** Somebody who may do everything, of a business that is no demo. */
export const aViewer: SessionViewerFragment = {
  __typename: 'Viewer',
  permissions: [
    ...['ticket:read_own', 'ticket:update_own', 'ticket:take', 'ticket:read_all', 'ticket:update_all', 'ticket:assign'],
    ...['ticket:delete', 'customer:write', 'customer:erase', 'agent:own_status', 'agent:update', 'agent:manage'],
    ...['config:read', 'config:write', 'audit:read', 'report:read'],
  ],
  agent: {
    __typename: 'Agent',
    id: 'agent-maya',
    name: 'Maya Lindqvist',
    email: 'maya@example.test',
    role: 'ADMIN',
    status: 'ONLINE',
    acceptsNewTickets: true,
  },
  tenant: {
    __typename: 'Tenant',
    id: 'tenant-1',
    name: 'Mugs & More',
    currencyCode: 'USD',
    timeZone: 'UTC',
    isDemo: false,
    settings: {
      __typename: 'TenantSettings',
      aiDrafts: true,
      aiRecommendations: true,
      undoSendSeconds: 10,
      locale: 'en',
    },
  },
}

type Answers = Record<string, unknown>
type Subscribed = { name: string; variables: unknown; sink: LiveSink<unknown> }

export type Setting = {
  /** Root fields of the graph by name: a value, or a function of the arguments. What is not given is an error, as from a server. */
  answers?: Answers
  viewer?: SessionViewerFragment
  /** Where the router stands; the part is shown at every address. */
  at?: string
}

/** Shows a part of the console over a graph that answers as told, at some address, to somebody who is logged in. */
export function show(part: ReactNode, { answers = {}, viewer = aViewer, at = '/' }: Setting = {}) {
  const live = aLive()
  const session = createSessionStore()
  session.set({ accessToken: 'token', expiresAt: '2999-01-01T00:00:00Z', tenant: 'mugs', email: 'maya@example.test' })
  const link = new SchemaLink({ schema, rootValue: answers })
  const graph = createGraph('http://console.test/graphql', session, { link, live: () => live })
  const page = () => (
    <ViewerContext value={viewer}>
      {part}
      <Toaster />
    </ViewerContext>
  )
  const root = createRootRoute()
  const all = createRoute({ getParentRoute: () => root, path: '$', component: page })
  const router = createRouter({
    routeTree: root.addChildren([all]),
    history: createMemoryHistory({ initialEntries: [at] }),
  })
  const view = render(
    <Providers graph={graph}>
      <RouterProvider router={router as never} />
    </Providers>,
  )
  return { ...view, user: userEvent.setup(), graph, live, router }
}

/** Subscriptions in a test's hand: `emit` sends an event to whoever asks for the field. */
export function aLive() {
  const running = new Set<Subscribed>()
  const listeners = new Set<() => void>()
  let status: LiveStatus = { state: 'live' }
  const live: Live = {
    subscribe<Data, Variables>(asked: LiveAsked<Data, Variables>, sink: LiveSink<Data>) {
      const [definition] = asked.document.definitions
      const field = definition?.kind === 'OperationDefinition' ? definition.selectionSet.selections[0] : undefined
      const one: Subscribed = {
        name: field?.kind === 'Field' ? field.name.value : '',
        variables: asked.variables,
        sink: sink as unknown as LiveSink<unknown>,
      }
      running.add(one)
      return () => running.delete(one)
    },
    status: () => status,
    onStatus(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tryNow() {},
    close() {},
  }
  return {
    ...live,
    running,
    setStatus: (next: LiveStatus) =>
      act(() => {
        status = next
        listeners.forEach((listener) => listener())
      }),
    emit: (field: string, value: unknown) =>
      act(() => {
        for (const { name, sink } of running) if (name === field) sink.next({ [field]: value }, [])
      }),
  }
}
