import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newId } from '@quimbi/database/ids.ts'
import { createProxy } from '@quimbi/live/test-proxy.ts'
import type { SocketImpl } from '@quimbi/live/types.ts'
import { createPartnerClient } from '@quimbi/partner-client/client.ts'
import type { PartnerOptions } from '@quimbi/partner-client/types.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { mountPartner } from '@quimbi/subgraph/module.ts'
import { Registry } from 'prom-client'
import { createRefresher } from '../../subgraphs/intelligence/src/profiles/refresher.ts'
import { anOrder, dayMs, startOfTime, type World } from '../../subgraphs/intelligence/tests/kit.ts'
import { change } from '../../subgraphs/intelligence/tests/keys-kit.ts'

export const folder = new URL('..', import.meta.url)

/** The partner door behind HTTP and WebSockets, on PostgreSQL, and a wire to it that can be cut. To be closed before the world. */
export async function serveDoor({ module }: World) {
  const log = createLogger({ service: 'intelligence', level: 'silent' })
  const metrics = createMetrics('intelligence', new Registry())
  const http = createHttp({ service: 'intelligence', log, metrics, readiness: async () => ({}) })
  await mountPartner(http, module.partner)
  const { port } = await http.listen(0, '127.0.0.1')
  const wire = await createProxy(() => port)
  const url = new URL('/partner/graphql', wire.url).href
  return {
    wire,
    url,
    client: (apiKey: string, given: Partial<PartnerOptions> = {}) =>
      createPartnerClient({ url, apiKey, webSocketImpl: WebSocket as unknown as SocketImpl, ...given }),
    async close() {
      await http.drain(1_000)
      await wire.close()
    },
  }
}

/** A shop whose customers buy more or less often, the sooner the lower their number, with insight; and a key to it. */
export async function openShop(world: World, customers = 40) {
  const tenantId = newId()
  const now = new Date(startOfTime).getTime()
  const orders = Array.from({ length: customers }, (_, n) =>
    Array.from({ length: 2 + (n % 5) }, (_, nth) =>
      anOrder({
        customer: { externalId: `C-${n + 1}` },
        placedAt: new Date(now - (1 + n * 6 + nth * (20 + n)) * dayMs),
        total: (20 + ((n * 13) % 90)).toFixed(2),
      }),
    ),
  ).flat()
  await world.ingest(tenantId, orders)
  await refresh(world)
  const { key } = await change(
    world,
    'create',
    { name: 'An example', scopes: ['ingest', 'insight:read', 'generate'], requestsPerMinute: 10_000 },
    await world.agent(tenantId),
  )
  if (key === null) throw new Error('No key was made.')
  return { tenantId, key }
}

/** Computes the insight that is to be computed. */
export async function refresh({ database, clock }: World): Promise<void> {
  const log = createLogger({ service: 'intelligence', level: 'silent' })
  await createRefresher({ database, clock, log }).drain()
}

export type Run = { code: number | null; out: string; err: string }

/** Starts an example as its reader would. */
export function start(file: string, args: readonly string[], key: string | undefined, cwd: string) {
  const path = fileURLToPath(new URL(file, folder))
  const env = key === undefined ? {} : { QUIMBI_API_KEY: key }
  const child = spawn(process.execPath, [path, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const run: Run = { code: null, out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (run.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (run.err += chunk.toString()))
  const ended = new Promise<Run>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...run, code }))
  })
  return { child, run, ended }
}

/** A folder of its own for what an example writes. */
export async function workplace() {
  const path = await mkdtemp(join(tmpdir(), 'example-'))
  return {
    path,
    read: (file: string) => readFile(join(path, file), 'utf8').catch(() => ''),
    close: () => rm(path, { recursive: true, force: true }),
  }
}
