import { newId } from '@quimbi/database/ids.ts'
import { setImmediate } from 'node:timers/promises'
import { throttled } from '@quimbi/service/throttled.ts'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ExportDoorOptions } from '../src/bulk/door.ts'
import { copyInsight, serveExport } from './bulk-kit.ts'
import { aKey } from './insight-webhooks-kit.ts'
import { anOrder, openWorld, startOfTime, type World } from './kit.ts'

let world: World
/** A tenant with more customers than sockets hold. */
let tenantId: string
let apiKey: string
const many = 20_000
beforeAll(async () => {
  world = await openWorld()
  tenantId = newId()
  await world.ingest(tenantId, [anOrder()])
  await world.module.settle()
  await copyInsight(world, tenantId, many - 1)
  apiKey = (await aKey(world, tenantId)).apiKey
}, 120_000)
afterAll(() => world.close())

async function serve(options: Partial<ExportDoorOptions> = {}) {
  const served = await serveExport(world, options)
  onTestFinished(() => served.close())
  return served
}

describe('the door', () => {
  it('refuses wrong keys, scopes, cursors and parameters', async () => {
    const served = await serve()
    const ingesting = await aKey(world, tenantId, { scopes: ['ingest'] })
    const code = async (key: string, query = '') => {
      const { status, text } = await served.read(key, query)
      const [error] = (JSON.parse(text) as { errors: { extensions: { code: string } }[] }).errors
      return `${status} ${error?.extensions.code}`
    }
    expect(await code('qk_live_wrong')).toBe('401 UNAUTHENTICATED')
    expect(await code(ingesting.apiKey)).toBe('403 FORBIDDEN')
    const cursors = ['abc', Buffer.from(JSON.stringify(['insight-export', tenantId, 'me'])).toString('base64url')]
    for (const query of [
      ...cursors.map((cursor) => `?after=${cursor}`),
      ...['?limit=0', '?limit=many', '?limit=1.5', '?updatedSince=yesterday', '?format=csv', '?limit=1&limit=2'],
    ])
      expect(await code(apiKey, query)).toBe('400 BAD_USER_INPUT')
    const queryCursor = Buffer.from(JSON.stringify(['LTV', '1.0', newId()])).toString('base64url')
    expect(await code(apiKey, `?after=${queryCursor}`)).toBe('400 BAD_USER_INPUT')
  })

  it('lets a key export twice at once', async () => {
    const served = await serve()
    const [one] = [await served.open(apiKey), await served.open(apiKey)]
    const third = await served.read(apiKey)
    expect([third.status, Number(third.headers.get('retry-after'))]).toEqual([429, 10])
    const another = await aKey(world, tenantId)
    expect((await served.read(another.apiKey, '?limit=1')).status).toBe(200)
    const ended = served.nextNote()
    one.destroy()
    expect(await ended).toMatchObject({ outcome: 'cut' })
    expect((await served.read(apiKey, '?limit=1')).status).toBe(200)
  })

  it('takes points page by page; where they end, it says so at the line it came to', async () => {
    const taken: number[] = []
    const served = await serve({
      async pay(_, points) {
        if (taken.length === 2) throw throttled('QUERY_BUDGET', 1_500)
        taken.push(points)
      },
    })
    const { lines } = await served.read(apiKey)
    expect(taken).toEqual([500, 500])
    expect(lines).toHaveLength(1_001)
    expect(lines.at(-1)).toMatchObject({
      error: { code: 'THROTTLED', retryAfterMs: 1_500 },
      cursor: lines.at(-2)?.cursor,
    })
    expect(served.notes).toMatchObject([{ customers: 1_000, outcome: 'refused' }])
    const refused = await served.read(apiKey)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2'])
    // Its place is free again.
    expect((await served.read(apiKey)).status).toBe(429)
    expect((await served.read(apiKey)).text).toContain('QUERY_BUDGET')
  })

  it('ends with the key, and tells a failure of ours without its cause', async () => {
    const key = await aKey(world, tenantId)
    const ending = await serve({
      pay: async () => void (await world.rows('UPDATE api_key SET revoked_at = $2 WHERE id = $1', key.id, startOfTime)),
    })
    const { lines } = await ending.read(key.apiKey)
    expect(lines).toHaveLength(501)
    expect(lines.at(-1)).toMatchObject({ error: { code: 'UNAUTHENTICATED' }, cursor: lines.at(-2)?.cursor })
    let pages = 0
    const failing = await serve({
      async pay() {
        if ((pages += 1) === 2) throw new Error('secret')
      },
    })
    const failed = await failing.read(apiKey)
    expect(failed.lines.at(-1)).toMatchObject({ error: { code: 'INTERNAL_SERVER_ERROR' } })
    expect(failed.text).not.toContain('secret')
    expect(failing.notes).toMatchObject([{ outcome: 'failed' }])
  })
})

describe('a reader', () => {
  it('who is slow is waited for: little is read ahead', { timeout: 120_000 }, async () => {
    const served = await serve()
    const answer = await served.open(apiKey)
    const [pageBytes, mostAhead] = [300_000, 8_000_000]
    let [bytes, ahead] = [0, 0]
    let tail = ''
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length
      tail = `${tail}${String(chunk)}`.slice(-500)
      for (let turn = 0; turn < 3; turn += 1) await world.rows('SELECT 1')
      await setImmediate()
      ahead = Math.max(ahead, (served.state.asked - 1) * pageBytes - bytes)
    }
    // Or it would have been read whole, far beyond what sockets hold.
    expect(bytes).toBeGreaterThan(mostAhead)
    expect(ahead).toBeLessThan(mostAhead)
    expect(tail).toContain(`"customers":${many},"more":false}\n`)
  })

  it('who goes ends the reading, and who takes nothing is let go', async () => {
    const served = await serve({ idleMs: 200 })
    const gone = served.nextNote()
    const answer = await served.open(apiKey)
    answer.once('data', () => answer.destroy())
    expect(await gone).toMatchObject({ outcome: 'cut' })
    const idle = served.nextNote()
    await served.open(apiKey)
    const { outcome, customers } = await idle
    expect(outcome).toBe('cut')
    expect(customers).toBeLessThan(many)
    const asked = served.state.asked
    await world.rows('SELECT 1')
    expect(served.state.asked).toBe(asked)
  })
})
