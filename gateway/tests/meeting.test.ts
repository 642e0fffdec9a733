import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aCustomer, aTenant, anOrder, ask, ingest, logIn, openWorld, type World } from './kit.ts'

const query = `query ($id: String!) { customerByExternalRef(source: "shop", id: $id) { id name externalRefs { id }
  behavior { totalOrders lifetimeValue { amount } } } customers { nodes { id } } }`

describe('a customer whom both subgraphs meet', () => {
  let world: World
  let tenant: Awaited<ReturnType<typeof aTenant>>

  beforeEach(async () => {
    world = await openWorld()
    tenant = await aTenant(world, 'acme')
    await world.supergraph.settle()
  })
  afterEach(() => world.close())

  async function expectOne(name: string) {
    await world.supergraph.settle()
    const { data, errors } = await ask(world, query, { id: 'c1' }, await logIn(world, tenant))
    expect(errors).toBeUndefined()
    const customer = data?.['customerByExternalRef'] as Record<string, unknown>
    expect(customer).toMatchObject({ name, behavior: { totalOrders: 2, lifetimeValue: { amount: '30.00' } } })
    expect(data?.['customers']).toEqual({ nodes: [{ id: customer['id'] }] })
  }

  const orders = [anOrder('o1', 'c1', '10'), anOrder('o2', 'c1', '20')]

  it('is one when Support knew it first', async () => {
    await aCustomer(world, tenant, 'c1')
    await world.supergraph.settle()
    await ingest(world, tenant, orders)
    await expectOne('Customer c1')
  })

  it('is one when its orders came first, and "Unknown" until Support learns the name', async () => {
    await ingest(world, tenant, orders)
    await expectOne('Unknown')
    await aCustomer(world, tenant, 'c1')
    await expectOne('Customer c1')
  })

  it('is one when both happened before either heard of the other', async () => {
    await ingest(world, tenant, orders)
    await aCustomer(world, tenant, 'c1')
    await expectOne('Customer c1')
  })

  it('is one when Support knew it under another id', async () => {
    // Met by two references, of which the orders name the second: the id comes from the first.
    const { support } = world
    const { createCustomer } = await import('@quimbi/support/customers/service.ts')
    const externalRefs = [
      { source: 'crm', id: 'x' },
      { source: 'shop', id: 'c1' },
    ]
    await ingest(world, tenant, orders)
    await support.transact(tenant.viewer.tenantId, (tx) =>
      createCustomer(tx, tenant.viewer, { name: 'Known', externalRefs }, world.clock.now()),
    )
    await expectOne('Known')
  })
})

describe('a session that ends', () => {
  it('ends in both subgraphs at once', async () => {
    const world = await openWorld()
    const tenant = await aTenant(world, 'acme')
    const token = await logIn(world, tenant)
    await ask(world, 'mutation { logout { userErrors { code } } }', {}, token)
    await world.supergraph.settle()
    for (const operation of ['{ viewer { tenant { id } } }', '{ customerInsight(customerId: "x") { id } }']) {
      const { errors } = await ask(world, operation, {}, token)
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'SESSION_ENDED' })
    }
    await world.close()
  })
})
