import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSupport, type Ask, type TestSupport } from './kit.ts'

const query = `query ($first: Int!) { customers(first: $first) { nodes { name openTicketCount tickets(first: 2) {
  nodes { number assignee { name } } pageInfo { hasNextPage } } } } }`

type Answer = {
  customers: { nodes: { openTicketCount: number; tickets: { nodes: unknown[]; pageInfo: { hasNextPage: boolean } } }[] }
}

describe('the tickets of many customers', () => {
  let support: TestSupport
  let asManager: Ask
  let asAgent: Ask

  beforeAll(async () => {
    support = await openSupport()
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant, { role: 'AGENT' })
    const manager = await support.anAgent(tenant, { role: 'MANAGER' })
    for (let index = 0; index < 20; index += 1) {
      const { id: customerId } = await support.aCustomer(tenant)
      for (const assigneeId of [manager.id, agent.id, null])
        await support.aTicket(tenant, { customerId }, { assigneeId })
    }
    asManager = await support.asAgent(manager)
    asAgent = await support.asAgent(agent)
  })
  afterAll(() => support.close())

  it('come with as many SQL statements for twenty customers as for five', async () => {
    const counted: Record<number, number> = {}
    for (const first of [20, 5]) {
      support.statements.length = 0
      const { data, errors } = await asManager<Answer>(query, { first })
      counted[first] = support.statements.length
      expect(errors).toEqual([])
      expect(data?.customers.nodes).toHaveLength(first)
      for (const { tickets, openTicketCount } of data?.customers.nodes ?? []) {
        expect(openTicketCount).toBe(3)
        expect(tickets).toMatchObject({ nodes: [{}, {}], pageInfo: { hasNextPage: true } })
      }
    }
    expect(counted[20]).toBe(counted[5])
  })

  it('are those that the viewer may see', async () => {
    const { data } = await asAgent<Answer>(query, { first: 20 })
    for (const { tickets, openTicketCount } of data?.customers.nodes ?? []) {
      expect(openTicketCount).toBe(2)
      expect(tickets).toMatchObject({ nodes: [{}, {}], pageInfo: { hasNextPage: false } })
    }
  })
})
