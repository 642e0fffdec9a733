import { federatedMetrics } from '@quimbi/gateway/live/metrics.ts'
import { readSupergraph } from '@quimbi/gateway/server.ts'
import { positionNow } from '@quimbi/support/log/position.ts'
import { rescoreTenant } from '@quimbi/support/scoring/rescore.ts'
import type { FormattedExecutionResult } from 'graphql'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { aCustomer, aTenant, aTicket, now } from './kit.ts'
import { anAgent, assigned, change, nextEvent, openLiveWorld, tagged, type LiveWorld, type Way } from './live-kit.ts'

const whole = `subscription ($after: Cursor, $filter: TicketFilter) {
  inboxUpdated(after: $after, filter: $filter) { cursor type ticket { id subject tags { name } customer { name dnaStatus } } }
}`
const conditional = `subscription ($c: Boolean!) { ...Root }
  fragment Root on Subscription { inboxUpdated @skip(if: $c) { cursor } }`

describe.each<Way>(['in memory', 'over HTTP'])('subscriptions of the whole graph, %s', (way) => {
  let kit: LiveWorld
  let tenant: Awaited<ReturnType<typeof aTenant>>
  let customer: { id: string }
  let [mia, leo, eva] = [] as unknown as Awaited<ReturnType<typeof anAgent>>[]

  beforeAll(async () => {
    kit = await openLiveWorld(way, { graceMs: 20, restMs: 1_500 })
    tenant = await aTenant(kit.world, 'acme')
    customer = await aCustomer(kit.world, tenant, '1')
    await kit.world.supergraph.settle()
    mia = await anAgent(kit, tenant, 'AGENT', 'mia')
    leo = await anAgent(kit, tenant, 'AGENT', 'leo')
    eva = await anAgent(kit, tenant, 'TEAM_LEAD', 'eva')
    // The first answers of Intelligence read its models, which takes longer than an event may.
    const query = 'query ($id: ID!) { customerInsight(customerId: $id) { dnaStatus } }'
    const facts = { requestId: 'warm-up', caller: null, authorization: `Bearer ${eva.token}` }
    const warm = await kit.means.calls.intelligence({ query, variables: { id: customer.id } }, facts)
    expect(warm.errors).toBeUndefined()
  })
  afterAll(() => kit.close())
  afterEach(() => kit.leave())

  const newTicket = async () => {
    const ticket = await aTicket(kit.world, tenant, customer.id)
    await kit.settle()
    return ticket
  }
  const emptied = () =>
    expect.poll(() => kit.live.sizes, { timeout: 5_000 }).toEqual({ hubs: 0, subscriptions: 0, sessions: 0 })

  it('tell what all subgraphs know, to all who ask the same the same object, asked for once', async () => {
    const { id, tenantId } = await newTicket()
    const before = { ...kit.counts }
    const streams = [await kit.subscribe(mia!.token, whole), await kit.subscribe(eva!.token, whole)]
    expect(kit.live.sizes).toEqual({ hubs: 1, subscriptions: 2, sessions: 2 })
    await change(kit, { id, tenantId }, tagged('first'))
    const [first, second] = await Promise.all(streams.map(nextEvent))
    expect(first?.event.ticket).toMatchObject({ id, customer: { name: 'Customer 1', dnaStatus: expect.any(String) } })
    expect(first?.result.errors).toBeUndefined()
    expect(second?.result).toBe(first?.result)
    expect(kit.counts.upstreams - before.upstreams).toBe(1)
    expect(kit.counts.rests - before.rests).toBe(1)
    await Promise.all(streams.map((results) => results.return(undefined)))
    await emptied()
  })

  it('tell an agent that a ticket left, and whoever oversees what became of it', async () => {
    const ticket = await newTicket()
    const [forMia, forLeo, forEva] = await Promise.all(
      [mia, leo, eva].map((agent) => kit.subscribe(agent!.token, whole)),
    )
    await change(kit, ticket, assigned(leo!.id))
    expect((await nextEvent(forMia!)).event).toMatchObject({ type: 'LEFT_VIEW', ticket: null })
    expect((await nextEvent(forLeo!)).event).toMatchObject({ type: 'ASSIGNED', ticket: { id: ticket.id } })
    expect((await nextEvent(forEva!)).event).toMatchObject({ type: 'ASSIGNED', ticket: { id: ticket.id } })
    await change(kit, ticket, tagged('vip'))
    await change(kit, ticket, assigned(null))
    expect((await nextEvent(forMia!)).event.type).toBe('UNASSIGNED')
    expect((await nextEvent(forLeo!)).event.type).toBe('TAGGED')
    await Promise.all([forMia, forLeo, forEva].map((results) => results!.return(undefined)))
    await emptied()
  })

  it('go on after a cursor, and hide from an agent what is not theirs any more', async () => {
    const ticket = await newTicket()
    const results = await kit.subscribe(mia!.token, whole)
    await change(kit, ticket, assigned(mia!.id))
    const { event: taken } = await nextEvent(results)
    expect(taken.ticket).toMatchObject({ id: ticket.id })
    await results.return(undefined)
    await emptied()
    await change(kit, ticket, tagged('a'))
    await change(kit, ticket, assigned(leo!.id))
    const again = await kit.subscribe(mia!.token, whole, { after: taken.cursor })
    expect((await nextEvent(again)).event).toMatchObject({ type: 'TAGGED', ticket: null })
    expect((await nextEvent(again)).event).toMatchObject({ type: 'LEFT_VIEW', ticket: null })
    // Under a name that the planner has for something else, too.
    const called = await kit.subscribe(
      mia!.token,
      'subscription ($after: Cursor) { id: inboxUpdated(after: $after) { cursor id: ticket { subject } } }',
      { after: taken.cursor },
    )
    expect((await called.next()).value?.data).toMatchObject({ id: { id: null } })
    await called.return(undefined)
    const overseen = await kit.subscribe(eva!.token, whole, { after: taken.cursor })
    expect((await nextEvent(overseen)).event).toMatchObject({ type: 'TAGGED', ticket: { id: ticket.id } })
    await Promise.all([again.return(undefined), overseen.return(undefined)])
    await emptied()
  })

  it('run alone where they name what differs by who asks', async () => {
    const query = 'subscription { inboxUpdated { cursor type ticket { customer { openTicketCount } } } }'
    await change(kit, await newTicket(), assigned(leo!.id))
    const before = kit.counts.upstreams
    const streams = [await kit.subscribe(mia!.token, query), await kit.subscribe(eva!.token, query)]
    expect(kit.live.sizes.hubs).toBe(0)
    const pending = streams.map(nextEvent)
    await expect.poll(() => kit.counts.upstreams - before).toBe(2)
    await newTicket()
    const counts = (await Promise.all(pending)).map(({ event }) => event.ticket?.['customer'])
    expect(counts[0]).not.toEqual(counts[1])
    await Promise.all(streams.map((results) => results.return(undefined)))
    await emptied()
  })

  it('never wait for a subgraph: what it knows is null, with an error at its place', async () => {
    const ticket = await newTicket()
    const results = await kit.subscribe(mia!.token, whole)
    const held = Promise.withResolvers<void>()
    kit.insight.before = () => held.promise
    await change(kit, ticket, tagged('slow'))
    const { event, result } = await nextEvent(results)
    expect(event.ticket?.['customer']).toEqual({ name: 'Customer 1', dnaStatus: null })
    expect(result.errors?.[0]).toMatchObject({
      path: ['inboxUpdated', 'ticket', 'customer', 'dnaStatus'],
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'intelligence' },
    })
    kit.insight.before = async () => {}
    held.resolve()
    await change(kit, ticket, tagged())
    const { event: next } = await nextEvent(results)
    expect(next.ticket?.['customer']).toEqual({ name: 'Customer 1', dnaStatus: expect.any(String) })
    await results.return(undefined)
    await emptied()
  })

  it('are kept apart by tenant', async () => {
    const other = await aTenant(kit.world, 'other')
    const spy = await anAgent(kit, other, 'ADMIN', 'spy')
    const [theirs, ours] = [await kit.subscribe(spy.token, whole), await kit.subscribe(eva!.token, whole)]
    expect(kit.live.sizes.hubs).toBe(2)
    const { id } = await newTicket()
    expect((await nextEvent(ours)).event.ticket).toMatchObject({ id })
    const { id: customerId } = await aCustomer(kit.world, other, '9')
    const own = await aTicket(kit.world, other, customerId)
    await kit.settle()
    expect((await nextEvent(theirs)).event.ticket).toMatchObject({ id: own.id })
    const { cursor } = (await nextEventAfter(ours)).event
    const refused = await kit.subscribe(spy.token, whole, { after: cursor })
    await expect(refused.next()).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
    await Promise.all([theirs.return(undefined), ours.return(undefined)])
    await emptied()
  })

  const nextEventAfter = async (results: Awaited<ReturnType<typeof kit.subscribe>>) => {
    await newTicket()
    return nextEvent(results)
  }

  it('end when the login ends, and ask for a fresh look when the role changes', async () => {
    const ana = await anAgent(kit, tenant, 'AGENT', 'ana')
    const results = await kit.subscribe(ana.token, whole)
    const isOver = results.next()
    await kit.world.support.system.agent.updateMany({ where: { id: ana.id }, data: { role: 'SENIOR_AGENT' } })
    await expect(isOver).rejects.toMatchObject({ extensions: { code: 'RESYNC_REQUIRED', reason: 'ROLE_CHANGED' } })
    const again = await kit.subscribe(ana.token, whole)
    const isEnded = again.next()
    await kit.world.support.system.agent.updateMany({ where: { id: ana.id }, data: { isActive: false } })
    await expect(isEnded).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED', reason: 'SESSION_ENDED' } })
    expect(await kit.tried(ana.token, whole)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    await emptied()
  })

  it('end for all where the tickets were ranked anew, shared or not, live and on replay, and go on after it', async () => {
    const own =
      'subscription ($after: Cursor) { inboxUpdated(after: $after) { cursor type ticket { customer { openTicketCount } } } }'
    const ticket = await newTicket()
    const asking = [
      { agent: mia!, query: whole },
      { agent: eva!, query: whole },
      { agent: leo!, query: own },
    ]
    const subscribed = (after: string) =>
      Promise.all(asking.map(({ agent, query }) => kit.subscribe(agent.token, query, { after })))
    const { tenantId } = tenant.viewer
    const from = await positionNow(kit.world.support, tenantId)
    const streams = await subscribed(from)
    await change(kit, ticket, tagged('before'))
    for (const stream of streams) expect((await nextEvent(stream)).event.type).toBe('TAGGED')

    const weights = { scoringWeights: { age: 2 }, configVersion: { increment: 1 } }
    await kit.world.support.system.tenant.update({ where: { id: tenantId }, data: weights })
    expect(await rescoreTenant(kit.world.support, tenantId, now)).toBeGreaterThan(0)
    await kit.settle()
    const extensions = { code: 'RESYNC_REQUIRED', reason: 'REORDERED' }
    for (const stream of streams) await expect(stream.next()).rejects.toMatchObject({ extensions })
    const afresh = await positionNow(kit.world.support, tenantId)
    for (const replay of await subscribed(from)) {
      const told: string[] = []
      const reading = async () => {
        for (;;) told.push((await nextEvent(replay)).event.type)
      }
      await expect(reading()).rejects.toMatchObject({ extensions })
      // Who shares a stream loses with it what they have not read yet, and reads it in what they load afresh.
      expect(['TAGGED'].slice(0, told.length)).toEqual(told)
    }
    const again = await subscribed(afresh)
    await change(kit, ticket, tagged('after'))
    for (const stream of again) expect((await nextEvent(stream)).event.type).toBe('TAGGED')
    await Promise.all(again.map((results) => results.return(undefined)))
    await emptied()
  })

  it('end when the graph changes, to begin again', async () => {
    const results = await kit.subscribe(eva!.token, whole)
    const isOver = results.next()
    kit.live.reload()
    await expect(isOver).rejects.toMatchObject({ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD', retryable: true } })
    // Who comes again at once is told by the new graph.
    expect(kit.live.sizes.hubs).toBe(0)
    await emptied()
  })

  it('do not begin while the graph changes', async () => {
    const { positions } = kit.means.sources
    const { support } = positions
    positions.support = async (id: string) => {
      kit.gateway.engine.update(readSupergraph())
      return support(id)
    }
    const { errors } = (await kit.tried(eva!.token, whole)) as FormattedExecutionResult
    positions.support = support
    expect(errors).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD', retryable: true } }])
    expect(kit.live.sizes).toMatchObject({ hubs: 0, subscriptions: 0 })
    await emptied()
  })

  it.each([
    ['nobody', undefined, whole, {}, 'UNAUTHENTICATED'],
    ['a query', 'eva', '{ viewer { permissions } }', {}, 'BAD_REQUEST'],
    ['what the schema does not have', 'eva', 'subscription { inboxUpdated { no } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'what is hidden',
      'eva',
      'subscription { inboxUpdated { audience { everybody } } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['half a document', 'eva', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['our own names', 'eva', 'subscription { inboxUpdated { _live_cursor: cursor } }', {}, 'BAD_USER_INPUT'],
    ['a wrong variable', 'eva', whole, { filter: { status: 'NO' } }, 'BAD_USER_INPUT'],
    ['a number for a cursor', 'eva', whole, { after: 5 }, 'BAD_USER_INPUT'],
    ['an empty cursor', 'eva', whole, { after: '' }, 'BAD_USER_INPUT'],
    ['a root that hangs on a variable', 'eva', conditional, { c: true }, 'GRAPHQL_VALIDATION_FAILED'],
  ])('refuse %s', async (_, who, query, variables, code) => {
    expect(await kit.tried(who && eva!.token, query, variables)).toMatchObject({ errors: [{ extensions: { code } }] })
    await emptied()
  })

  it('are refused over plain HTTP, and say where to go', async () => {
    const facts = { requestId: 'test-request', caller: null, authorization: `Bearer ${eva!.token}` }
    const { errors } = await kit.gateway.execute({ query: whole }, facts)
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'BAD_REQUEST' },
      message: expect.stringContaining('WebSocket'),
    })
    const invalid = await kit.gateway.execute({ query: conditional, variables: { c: true } }, facts)
    expect(invalid.errors?.[0]).toMatchObject({
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      message: expect.stringContaining('skip with a variable at the root of a subscription'),
    })
  })
})

it('has metrics that can be made again in the same registry', async () => {
  const registry = new Registry()
  federatedMetrics(registry).hubOpened()
  federatedMetrics(registry).lost('support')
  expect(await registry.metrics()).toContain('quimbi_live_hubs 1')
})
