import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { churn, endOfLog, tellMoves } from '../../subgraphs/intelligence/tests/live-kit.ts'
import { anOrder, openWorld, type World } from '../../subgraphs/intelligence/tests/kit.ts'
import { newId } from '@quimbi/database/ids.ts'
import { openShop, serveDoor, start, workplace } from './kit.ts'

let world: World
let door: Awaited<ReturnType<typeof serveDoor>>
let shop: Awaited<ReturnType<typeof openShop>>
let place: Awaited<ReturnType<typeof workplace>>
const patience = 180_000
beforeAll(async () => {
  world = await openWorld()
  door = await serveDoor(world)
  shop = await openShop(world, 1)
}, patience)
beforeEach(async () => void (place = await workplace()))
afterEach(() => place.close())
afterAll(async () => {
  await door.close()
  await world.close()
})

const soon = { timeout: 25_000, interval: 10 }
const feed = (...args: string[]) =>
  start('order-feed/feed.ts', ['--url', door.url, '--orders', 'orders.jsonl', ...args], shop.key, place.path)
const line = (externalId: string, total = '10.00') =>
  `${JSON.stringify({ customer: { externalId: `C-${externalId}` }, order: { ...anOrder().order, externalId, total } })}\n`
const linesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((one) => JSON.parse(one) as Record<string, unknown>)
const kept = (source: string) =>
  world.rows<{ id: string }>(
    'SELECT external_id AS id FROM customer_order WHERE tenant_id = $1 AND source = $2',
    shop.tenantId,
    source,
  )

describe('the order feed', () => {
  it('loses no order and sends none twice for good, though it is killed again and again', async () => {
    const ids = Array.from({ length: 120 }, (_, n) => `K-${n}`)
    const text = ids.map((id, n) => line(id, n % 40 === 7 ? '-1' : '10.00')).join('') + 'no json\n' + line('K-last')
    await writeFile(join(place.path, 'orders.jsonl'), text)
    const args = ['--once', '--no-listen', '--batch', '9', '--source', 'killed']
    for (let round = 1; round <= 3; round += 1) {
      const before = (await kept('killed')).length
      const { child, run, ended } = feed(...args)
      // Once as it takes orders in, once as it says so, once in between.
      if (round === 2) await vi.waitFor(() => expect(run.err).toContain('sent:'), soon)
      else await vi.waitFor(async () => expect((await kept('killed')).length).toBeGreaterThan(before), soon)
      child.kill('SIGKILL')
      expect((await ended).code).toBeNull()
    }
    expect((await kept('killed')).length).toBeLessThan(118)
    expect(await feed(...args).ended).toMatchObject({ code: 0 })
    const refused = ids.filter((_, n) => n % 40 === 7)
    const taken = [...ids.filter((id) => !refused.includes(id)), 'K-last'].sort()
    expect((await kept('killed')).map(({ id }) => id).sort()).toEqual(taken)
    const told = linesOf(await place.read('feed.refused.jsonl'))
    expect(
      told.map(({ order }) => (order as { order?: { externalId: string } } | undefined)?.order?.externalId),
    ).toEqual([...refused, undefined])
    expect(await feed(...args).ended).toMatchObject({ code: 0, err: '' })
  })

  it('keeps each change once and in order, though it is killed and its wire is cut', async () => {
    await writeFile(join(place.path, 'orders.jsonl'), '')
    const after = await endOfLog(world, shop.tenantId)
    const customerId = newId()
    let [said, until] = [0, 0]
    const say = async (count: number) => {
      for (until += count; said < until; said += 1)
        await tellMoves(world, shop.tenantId, customerId, churn(said, said + 1))
    }
    const args = ['--once', '--after', after, '--until', '24']
    const changes = async () => linesOf(await place.read('feed.changes.jsonl'))
    for (let round = 1; round <= 3; round += 1) {
      const { child, ended } = feed(...args)
      await say(4)
      await vi.waitFor(async () => expect((await changes()).length).toBeGreaterThan(round * 6 - 6), soon)
      if (round === 2) door.wire.cut()
      await say(2)
      child.kill('SIGKILL')
      await ended
    }
    // A line that was being written.
    await appendFile(join(place.path, 'feed.changes.jsonl'), '{"cursor":"half')
    const last = feed(...args)
    await say(6)
    expect(await last.ended).toMatchObject({ code: 0 })
    expect((await changes()).map(({ to }) => to)).toEqual(Array.from({ length: 24 }, (_, n) => n + 1))
  })

  it('waits for orders that are still to be written, and ends when it is asked to', async () => {
    await writeFile(join(place.path, 'orders.jsonl'), line('W-1') + line('W-2').slice(0, 30))
    const { child, ended } = feed('--source', 'waited', '--no-listen')
    const taken = async (count: number) => expect(await kept('waited')).toHaveLength(count)
    await vi.waitFor(() => taken(1), soon)
    await writeFile(join(place.path, 'orders.jsonl'), line('W-1') + line('W-2') + line('W-3'))
    await vi.waitFor(() => taken(3), soon)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
  })

  it('reads orders from standard input', async () => {
    const { child, ended } = feed('--orders', '-', '--source', 'piped', '--no-listen', '--batch', '2')
    child.stdin.end(line('S-1') + line('S-2') + line('S-3'))
    expect(await ended).toMatchObject({ code: 0 })
    expect(await kept('piped')).toHaveLength(3)
  })
})
