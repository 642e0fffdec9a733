import { get, type IncomingMessage } from 'node:http'
import { codedError } from '@quimbi/service/errors.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { Registry } from 'prom-client'
import { exportDoor, exportPath, type ExportDoorOptions, type ExportNote } from '../src/bulk/door.ts'
import type { World } from './kit.ts'
import { partnerOf } from './keys-kit.ts'

export type Line = Record<string, unknown> & { id: string; cursor: string; end?: boolean }

/** The export behind HTTP. `pages` counts how often it was asked whose key it is: once a request, and once a page. */
export async function serveExport(world: World, options: Partial<ExportDoorOptions> = {}) {
  const { database, clock } = world
  const log = createLogger({ service: 'intelligence', level: 'silent' })
  const metrics = createMetrics('intelligence', new Registry())
  const http = createHttp({ service: 'intelligence', log, metrics, readiness: async () => ({}) })
  const notes: ExportNote[] = []
  const waiting: ((note: ExportNote) => void)[] = []
  const opened: IncomingMessage[] = []
  const state = { asked: 0 }
  await http.app.register(
    exportDoor({
      ...{ database, clock, log },
      partner({ apiKey }) {
        state.asked += 1
        if (apiKey === undefined) throw codedError('UNAUTHENTICATED', 'Send an API key.')
        return partnerOf(database.forTenant(''), apiKey, clock.now())
      },
      note(_, note) {
        notes.push(note)
        waiting.shift()?.(note)
      },
      ...options,
    }),
  )
  const { url } = await http.listen(0, '127.0.0.1')
  return {
    state,
    notes,
    /** The note of the next export that ends. */
    nextNote: () => new Promise<ExportNote>((resolve) => void waiting.push(resolve)),
    /** The answer's head; its text is not read by itself. */
    open: (apiKey: string, query = '', headers: Record<string, string> = {}) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const asked = { headers: { 'x-api-key': apiKey, ...headers }, agent: false as const }
        const request = get(`${url}${exportPath}${query}`, asked, (answer) => {
          opened.push(answer)
          resolve(answer.on('error', () => {}))
        })
        request.on('error', reject)
      }),
    async read(apiKey: string, query = '') {
      const answer = await fetch(`${url}${exportPath}${query}`, { headers: { 'x-api-key': apiKey } })
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, text, lines: answer.ok ? linesIn(text) : [] }
    },
    async close() {
      for (const answer of opened) answer.destroy()
      await http.drain(1_000)
    },
  }
}

export const linesIn = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

/** So many customers with insight, as if it had been computed: of one who buys, with another id each. */
export async function copyInsight({ rows }: World, tenantId: string, count: number): Promise<void> {
  await rows(
    `INSERT INTO customer (tenant_id, id, created_at)
     SELECT $1::uuid, md5($1::uuid::text || n)::uuid, now() FROM generate_series(1, $2::int) AS n`,
    ...[tenantId, count],
  )
  await rows(
    `INSERT INTO customer_insight
     SELECT (jsonb_populate_record(i, jsonb_build_object('customer_id', md5($1::uuid::text || n)::uuid))).*
     FROM customer_insight AS i, generate_series(1, $2::int) AS n WHERE i.tenant_id = $1::uuid AND i.customer_id =
       (SELECT customer_id FROM customer_insight WHERE tenant_id = $1::uuid ORDER BY customer_id LIMIT 1)`,
    ...[tenantId, count],
  )
}
