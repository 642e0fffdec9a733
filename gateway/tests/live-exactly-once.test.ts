import type { Results } from '@quimbi/service/subscriptions.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { listEntries } from '@quimbi/support/log/entries.ts'
import { cursorOf } from '@quimbi/support/log/service.ts'
import { shownTo } from '@quimbi/support/stream/visibility.ts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { aCustomer, aTenant, aTicket } from './kit.ts'
import { anAgent, assigned, change, openLiveWorld, tagged, type Way } from './live-kit.ts'

const query = `subscription ($after: Cursor, $filter: TicketFilter) {
  inboxUpdated(after: $after, filter: $filter) { cursor type ticket { subject customer { name dnaStatus } } }
}`
const rounds = 40
const unassigned = { unassigned: true }

describe.each<Way>(['in memory', 'over HTTP'])('twenty who watch while tickets change hands, %s', (way) => {
  it('are told everything that is theirs once and in order, wherever they begin and however often the way is cut', async () => {
    const kit = await openLiveWorld(way, { graceMs: 20 })
    onTestFinished(() => kit.close())
    const tenant = await aTenant(kit.world, 'acme')
    const {
      tenant: { id: tenantId },
    } = tenant
    const customer = await aCustomer(kit.world, tenant, '1')
    const mia = await anAgent(kit, tenant, 'AGENT', 'mia')
    const leo = await anAgent(kit, tenant, 'AGENT', 'leo')
    const eva = await anAgent(kit, tenant, 'TEAM_LEAD', 'eva')
    const scopes = [
      { agent: mia, filter: null },
      { agent: leo, filter: unassigned },
      { agent: eva, filter: null },
    ]
    const tickets = [await aTicket(kit.world, tenant, customer.id), await aTicket(kit.world, tenant, customer.id)]
    await kit.settle()
    const db = kit.world.support.forTenant(tenantId)
    const entries = () => listEntries(db, tenantId, { after: 0n, limit: 1_000 })
    const told: { after: bigint; scope: (typeof scopes)[number]; seen: string[]; fails: unknown[] }[] = []

    async function watch(index: number): Promise<void> {
      const scope = scopes[index % 3]!
      const known = await entries()
      const from = known[Math.max(0, known.length - 1 - (index % 7) * 3)]!
      const results = await kit.subscribe(scope.agent.token, query, { after: cursorOf(from), filter: scope.filter })
      const one = { after: from.sequence, scope, seen: [] as string[], fails: [] as unknown[] }
      told.push(one)
      void read(results, one.seen).catch((error: unknown) => one.fails.push(error))
    }
    for (let round = 0; round < rounds; round += 1) {
      if (round % 2 === 0) await watch(round / 2)
      const owner = [mia.id, null, leo.id, eva.id][round % 4] ?? null
      await Promise.all([change(kit, tickets[0]!, assigned(owner)), change(kit, tickets[1]!, tagged(`t${round}`))])
      if (round % 10 === 5) await kit.means.cut()
    }
    const all = await entries()
    for (const { after, scope, seen, fails } of told) {
      const { agent, filter } = scope
      const viewer: Viewer = {
        ...{ kind: 'agent', tenantId, agentId: agent.id, role: agent.role as 'AGENT' },
        sessionId: '',
        expiresAt: new Date(),
      }
      const expected = all
        .filter(({ sequence }) => sequence > after)
        .flatMap((entry) => shownTo(viewer, filter, entry) ?? [])
        .map((entry) => `${cursorOf(entry)} ${entry.type}`)
      await expect.poll(() => seen.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(expected.length)
      expect(seen).toEqual(expected)
      expect(fails).toEqual([])
    }
    expect(kit.live.sizes).toMatchObject({ subscriptions: 20, sessions: 3 })
    await kit.leave()
    await expect.poll(() => kit.live.sizes, { timeout: 5_000 }).toEqual({ hubs: 0, subscriptions: 0, sessions: 0 })
  }, 60_000)
})

async function read(results: Results, into: string[]): Promise<void> {
  for await (const { data } of results) {
    const { cursor, type } = data?.['inboxUpdated'] as { cursor: string; type: string }
    into.push(`${cursor} ${type}`)
  }
}
