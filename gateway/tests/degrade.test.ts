import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, openProcesses, post, type Body, type ServiceProcess } from './processes-kit.ts'

// Processes take what they need to start; nothing here depends on how long.
const patient = { timeout: 60_000, interval: 50 }
const inboxQuery = `{ inbox(first: 20) { nodes { id number smartScore { total }
  customer { id name insightSnapshot { churnRisk } churnRisk { score } behavior { totalOrders } } } } }`
const insightQuery = 'query ($id: ID!) { customerInsight(customerId: $id) { id behavior { totalOrders } } }'

type Node = {
  id: string
  smartScore: { total: number }
  customer: {
    id: string
    name: string
    insightSnapshot: object | null
    churnRisk: object | null
    behavior: object | null
  }
}
const nodesOf = ({ data }: Body) => (data as { inbox: { nodes: Node[] } }).inbox.nodes

describe('a gateway whose subgraphs come and go', { timeout: 120_000 }, () => {
  let world: Awaited<ReturnType<typeof openProcesses>>
  let gateway: ServiceProcess
  let support: ServiceProcess
  let intelligence: ServiceProcess
  let token: string
  let whole: Node[]

  beforeAll(async () => {
    world = await openProcesses({ INSIGHT_TIMEOUT_MS: '500' })
    gateway = await world.service('gateway')
    support = await world.service('support', {}, world.portOf.support)
    intelligence = await world.service('intelligence', {}, world.portOf.intelligence)
  })
  afterAll(() => world.close())

  const inbox = () => post(gateway, inboxQuery, {}, token)
  const isWhole = async () => {
    const answer = await inbox()
    return !answer.errors && nodesOf(answer).every(({ customer }) => customer.behavior !== null)
  }
  const unavailable = (service: string) => ({
    code: 'SUBGRAPH_UNAVAILABLE',
    service,
    retryable: true,
    retryAfterMs: expect.any(Number) as number,
    requestId: expect.stringMatching(/^[\w-]{8,64}$/) as string,
  })

  function expectTicketsOnly(answer: Body): void {
    const nodes = nodesOf(answer)
    expect(nodes.map(({ id }) => id)).toEqual(whole.map(({ id }) => id))
    for (const { customer, smartScore } of nodes) {
      expect(customer).toMatchObject({ name: expect.any(String) as string, churnRisk: null, behavior: null })
      expect(smartScore.total).toBeGreaterThan(0)
    }
    expect(nodes.map(({ customer }) => customer.insightSnapshot)).toEqual(
      whole.map(({ customer }) => customer.insightSnapshot),
    )
    expect(answer.errors?.length).toBeGreaterThan(0)
    for (const { path, extensions } of answer.errors ?? []) {
      expect(path?.slice(0, 2)).toEqual(['inbox', 'nodes'])
      expect(extensions).toEqual(unavailable('intelligence'))
    }
    expect(JSON.stringify(answer.errors)).not.toMatch(/127\.0\.0\.1|ECONN|stack/)
  }

  it('starts without any of them, and says who is away', async () => {
    await gateway.start()
    const { data, errors } = await post(gateway, '{ inbox(first: 1) { totalCount } segments { id } }')
    expect(data).toBeNull()
    expect(errors?.map(({ path, extensions }) => [path, extensions])).toEqual(
      expect.arrayContaining([
        [['inbox'], unavailable('support')],
        [['segments'], unavailable('intelligence')],
      ]),
    )
  })

  it('answers with each that comes', async () => {
    await support.start()
    await expect.poll(() => logIn(gateway).then((own) => (token = own)), patient).toBeTypeOf('string')
    const tickets = await inbox()
    expect(nodesOf(tickets)).toHaveLength(20)
    expect(tickets.errors?.[0]?.extensions).toEqual(unavailable('intelligence'))
    await intelligence.start()
    await expect.poll(isWhole, patient).toBe(true)
    // Ranked by what Support has heard of insight.
    await expect
      .poll(async () => nodesOf(await inbox()).filter(({ customer }) => customer.insightSnapshot).length, patient)
      .toBe(20)
    whole = nodesOf(await inbox())
  })

  it('answers tickets when Intelligence is killed, and all again once it is back', async () => {
    await intelligence.signal('SIGKILL')
    // Before and after it is given up.
    for (let n = 0; n < 8; n++) expectTicketsOnly(await inbox())
    await intelligence.start()
    await expect.poll(isWhole, patient).toBe(true)
  })

  it('waits half a second for an Intelligence that hangs, and then no more', async () => {
    await intelligence.signal('SIGSTOP')
    for (let n = 0; n < 7; n++) expectTicketsOnly(await inbox())
    await intelligence.signal('SIGCONT')
    await expect.poll(isWhole, patient).toBe(true)
  })

  it('answers what Intelligence alone knows when Support is killed', async () => {
    const id = whole[0]?.customer.id
    await support.signal('SIGKILL')
    for (let n = 0; n < 8; n++) {
      const { data, errors } = await inbox()
      expect(data).toBeNull()
      expect(errors?.[0]).toMatchObject({ path: ['inbox'], extensions: unavailable('support') })
      expect(await post(gateway, insightQuery, { id }, token)).toEqual({
        data: { customerInsight: { id, behavior: { totalOrders: expect.any(Number) as number } } },
      })
    }
    await support.start()
    await expect.poll(isWhole, patient).toBe(true)
  })
})
