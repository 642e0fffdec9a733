import { buildSchema } from 'graphql'
import { createGraph, type Graph } from '../../../graph/graph.tsx'
import { createSessionStore } from '../../../session/store.ts'
import contract from '../../../../../schema/api.graphql?raw'
import { demoLink } from './demo-link.ts'
import { createDemoLive } from './demo-live.ts'
import { mutations } from './mutations.ts'
import { queries } from './queries.ts'
import { refusedMutations } from './refusal.ts'
import { seedWorld } from './seed.ts'
import type { World } from './world.ts'

/** The console over a world of its own: the same contract, answered in this browser. There is no address in it, so nothing can leave. */
export function createDemoGraph(world: World = seedWorld()): Graph {
  const schema = buildSchema(contract, { assumeValidSDL: true })
  const rootValue = { ...refusedMutations(schema), ...queries(world), ...mutations(world) }
  const session = createSessionStore(memory())
  session.set({
    accessToken: 'none',
    expiresAt: '2999-01-01T00:00:00Z',
    tenant: 'local-demo',
    email: 'maya@local.example',
  })
  return createGraph('', session, {
    link: demoLink(schema, rootValue),
    live: (apollo) => createDemoLive(world, schema, apollo),
  })
}

/** A login that no other tab shares, and that no reload finds. */
function memory(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem: (key, value) => void kept.set(key, value),
  }
}
