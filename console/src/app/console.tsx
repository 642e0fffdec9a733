import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { createGraph, type Graph } from '../graph/graph.tsx'
import { DemoModeContext, type DemoMode } from '../session/demo-mode.ts'
import { afterFirstView } from '../shared/first-view.ts'
import { createSessionStore, onOtherPerson } from '../session/store.ts'
import { useThemeShown } from '../shell/theme.ts'
import { Providers } from './providers.tsx'
import { createConsoleRouter } from './router.tsx'
import { fetchAhead } from './routes.tsx'

/** A graph, and the places one has been in with it; the local demo has its own of both. */
type World = { graph: Graph; router: ReturnType<typeof createConsoleRouter>; isDemo: boolean }

/** The demo goes on after a reload of its tab, and in no other. */
const demoKey = 'quimbi.localDemo'

const worldOf = (graph: Graph, isDemo: boolean): World => ({ graph, isDemo, router: createConsoleRouter() })

export function serverWorld(): World {
  const graph = createGraph(`${location.origin}/graphql`, createSessionStore())
  forgetFormerPerson(graph)
  return worldOf(graph, false)
}

/** The world of the local demo: it knows no address, and so no server. */
export async function demoWorld(): Promise<World> {
  const { createDemoGraph } = await import('../features/demo/local/demo-graph.ts')
  return worldOf(createDemoGraph(), true)
}

export const isDemoWanted = (): boolean => sessionStorage.getItem(demoKey) === '1'

/** Who comes after somebody else at the same browser sees nothing of theirs. */
function forgetFormerPerson({ apollo, session, live }: Graph): void {
  onOtherPerson(session, () => {
    void apollo.cache.reset({ discardWatches: false })
    void apollo.clearStore()
    if (session.current()) live.tryNow()
  })
}

export function Console({ first }: { first: World }) {
  const [world, setWorld] = useState(first)
  const mode: DemoMode = {
    isOn: world.isDemo,
    async start() {
      const demo = await demoWorld()
      sessionStorage.setItem(demoKey, '1')
      demo.router.history.replace('/inbox')
      setWorld(demo)
    },
    exit() {
      sessionStorage.removeItem(demoKey)
      world.graph.live.close()
      const server = serverWorld()
      server.router.history.replace('/login')
      setWorld(server)
    },
  }
  useThemeShown()
  useEffect(() => void afterFirstView().then(fetchAhead), [])
  return (
    <DemoModeContext value={mode}>
      <Providers key={world.isDemo ? 'demo' : 'server'} graph={world.graph}>
        <RouterProvider router={world.router} />
      </Providers>
    </DemoModeContext>
  )
}
