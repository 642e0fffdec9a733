import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../subgraphs/intelligence/tests/kit.ts'
import { openShop, serveDoor, start, workplace } from './kit.ts'

let world: World
let door: Awaited<ReturnType<typeof serveDoor>>
let shop: Awaited<ReturnType<typeof openShop>>
let place: Awaited<ReturnType<typeof workplace>>
const patience = 180_000
beforeAll(async () => {
  world = await openWorld()
  door = await serveDoor(world)
  shop = await openShop(world, 60)
  place = await workplace()
}, patience)
afterAll(async () => {
  await door.close()
  await world.close()
  await place.close()
})

const run = (file: string, args: string[], key: string | undefined = shop.key) =>
  start(file, ['--url', door.url, ...args], key, place.path).ended
const files = ['campaign-audiences/campaign.ts', 'sales-score/call-list.ts', 'order-feed/feed.ts']

describe.each(files)('%s', (file) => {
  it('says how it is used', async () => {
    const { code, out, err } = await run(file, ['--help'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('--url URL')
  })

  it.each([
    [['--nonsense'], 'nonsense'],
    [['--orders', 'none.jsonl', '--once'].slice(file.includes('feed') ? 0 : 3), 'UNAUTHENTICATED'],
  ])('fails with a reason, and without its key: %j', async (args, reason) => {
    const { code, out, err } = await run(file, args, 'qk_live_canary')
    expect(code).toBe(1)
    expect(err).toContain(reason)
    expect(out + err).not.toContain('canary')
  })
})

type Row = { audience: string; customerId: string; externalId: string; sendAt: string; channel: string; text: string }

describe('the campaign', () => {
  it('gives each customer of its audiences one text, at an hour of its own', async () => {
    const { code, err } = await run(files[0] ?? '', ['--at-risk', '0', '--audiences', '2', '--customers', '30'])
    expect([code, err.split('\n').length]).toEqual([0, 4])
    const rows = JSON.parse(await place.read('campaign.json')) as Row[]
    expect(rows.length).toBeGreaterThan(2)
    expect(new Set(rows.map(({ customerId }) => customerId)).size).toBe(rows.length)
    expect(new Set(rows.map(({ audience }) => audience)).size).toBeLessThanOrEqual(2)
    expect(rows.map(({ sendAt }) => sendAt)).toEqual(rows.map(({ sendAt }) => sendAt).sort())
    for (const { text, sendAt, externalId } of rows) {
      expect(text.length).toBeGreaterThan(20)
      expect(new Date(sendAt).getTime()).toBeGreaterThanOrEqual(world.clock.now().getTime())
      expect(externalId).toMatch(/^C-\d+$/)
    }
  })

  it('picks its audience by a question, and writes a table', async () => {
    const question = ['--question', 'customers with a churn risk of at least 0.1', '--out', 'campaign.csv']
    const { code, err } = await run(files[0] ?? '', question)
    expect([code, err]).toEqual([0, expect.stringContaining('Understood:')])
    const [head, ...rows] = (await place.read('campaign.csv')).trimEnd().split('\r\n')
    expect(head).toBe('audience,customerId,externalId,sendAt,channel,text')
    expect(rows.length).toBeGreaterThan(1)
  })
})

describe('the call list', () => {
  it('ranks customers, with an offer and what raises their risk', async () => {
    const { code, out } = await run(files[1] ?? '', ['--calls', '5', '--json'])
    const calls = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { rank: number; score: number; offer: string })
    expect([code, calls.map(({ rank }) => rank)]).toEqual([0, [1, 2, 3, 4, 5]])
    expect(calls.map(({ score }) => score)).toEqual(calls.map(({ score }) => score).sort((a, b) => b - a))
    expect(calls.every(({ offer }) => offer.length > 0)).toBe(true)
  })

  it('is a table for people', async () => {
    const { code, out } = await run(files[1] ?? '', ['--calls', '3', '--context', 'UPSELL'])
    const lines = out.trimEnd().split('\n')
    expect([code, lines.length]).toEqual([0, 5])
    expect(lines[0]).toMatch(/^#\s+Customer\s+Score\s+Risk/)
    expect(lines[2]).toMatch(/^1\s+C-\d+\s/)
  })
})
