import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { serverAudits } from 'graphql-http'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ introspection: true })
})
afterAll(() => world.close())

const doors = ['gateway', 'support', 'intelligence'] as const

async function listen(name: (typeof doors)[number]) {
  const { gateway, support, intelligence } = world.supergraph
  const door = { gateway, support: support.subgraph, intelligence: intelligence.subgraph }[name]
  const log = createLogger({ service: name, level: 'silent' })
  const http = createHttp({
    service: name,
    log,
    metrics: createMetrics(name, new Registry()),
    readiness: async () => ({}),
  })
  await http.app.register(door.routes)
  const { url } = await http.listen(0, '127.0.0.1')
  return { url: `${url}/graphql`, stop: () => http.drain() }
}

describe('GraphQL over HTTP', () => {
  it.each(doors)(
    'is served by the door of %s as the specification has it, all that it asks and all that it advises',
    async (name) => {
      const { url, stop } = await listen(name)
      try {
        const fetchFn = (address: string, init?: RequestInit) =>
          fetch(address, { ...init, headers: { ...init?.headers, connection: 'close' } })
        const audits = serverAudits({ url, fetchFn })
        const results = await Promise.all(audits.map((audit) => audit.fn()))
        const missed = results.filter(({ status }) => status !== 'ok')
        expect(
          missed.map(({ id, name: what, ...rest }) => `${id} ${what} ${'reason' in rest ? rest.reason : ''}`),
        ).toEqual([])
        expect(results.length).toBeGreaterThanOrEqual(60)
      } finally {
        await stop()
      }
    },
  )
})
