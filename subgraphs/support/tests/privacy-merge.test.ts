import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Prisma, type Customer, type Tenant } from '../generated/prisma/client.ts'
import { importCustomers } from '../src/customers/import.ts'
import { importTickets } from '../src/tickets/import.ts'
import { openSupport, refusal, type Ask, type TestSupport } from './kit.ts'
import { someoneWaits } from './locks-kit.ts'

let support: TestSupport
let tenant: Tenant
let ask: Ask

beforeAll(async () => {
  support = await openSupport()
})
afterAll(() => support.close())
beforeEach(async () => {
  tenant = await support.aTenant()
  ask = await support.asAgent(await support.anAgent(tenant, { role: 'SENIOR_AGENT' }))
})

type Merging = { mergeCustomers: { customer: Record<string, unknown> | null; userErrors: unknown[] } }
const merging = `mutation ($input: MergeCustomersInput!) { mergeCustomers(input: $input) {
  customer { id name email phone tags isVip externalRefs { source id } tickets { nodes { id } } } userErrors { code path } } }`
async function merge(fromId: string, intoId: string, as = ask) {
  const { data, errors } = await as<Merging>(merging, { input: { fromId, intoId } })
  expect(errors).toEqual([])
  return data!.mergeCustomers
}
const db = () => support.database.forTenant(tenant.id)
const read = async (id: string) => {
  const { data } = await ask<{ customer: { id: string } | null }>(`query ($id: ID!) { customer(id: $id) { id } }`, {
    id,
  })
  return data?.customer?.id
}

describe('merging two records of a person', () => {
  let from: Customer
  let into: Customer
  beforeEach(async () => {
    from = await support.aCustomer(tenant, {
      ...{ name: 'A. Lovelace', email: 'old@mail.example', phone: '+44 1', tags: ['a', 'b'] },
      externalRefs: [{ source: 'shop', id: '1' }],
    })
    into = await support.aCustomer(tenant, { name: 'Ada Lovelace', email: 'ada@mail.example', tags: ['b', 'c'] })
  })

  it('moves tickets, references and what the one that goes on lacks; either id finds the person', async () => {
    const [one, two] = [
      await support.aTicket(tenant, { customerId: from.id }),
      await support.aTicket(tenant, { customerId: into.id }),
    ]
    await db().customer.updateMany({
      where: { id: from.id },
      data: { isVip: true, lifetimeValue: 5_000, insightAt: support.clock.now() },
    })
    const { customer, userErrors } = await merge(from.id, into.id)
    expect(userErrors).toEqual([])
    expect(customer).toMatchObject({
      ...{ id: into.id, name: 'Ada Lovelace', email: 'ada@mail.example', phone: '+44 1', isVip: true },
      ...{ tags: ['b', 'c', 'a'], externalRefs: [{ source: 'shop', id: '1' }] },
    })
    const { nodes } = customer!['tickets'] as { nodes: { id: string }[] }
    expect(nodes.map(({ id }) => id).toSorted()).toEqual([one.id, two.id].toSorted())
    expect([await read(from.id), await read(into.id)]).toEqual([into.id, into.id])
    // What the person is worth raises both, the one that moved and the one that was there.
    const ranks = await db().ticket.findMany({ where: { id: { in: [one.id, two.id] } } })
    expect(ranks.map(({ id, rank }) => [id === one.id, rank > (id === one.id ? one : two).rank])).toEqual(
      expect.arrayContaining([
        [true, true],
        [false, true],
      ]),
    )
  })

  it('is told to Intelligence, to the tickets’ history and to the audit trail', async () => {
    const { id: ticketId } = await support.aTicket(tenant, { customerId: from.id })
    await merge(from.id, into.id)
    await support.module.sequence()
    const { events } = await support.module.feed.pull({
      ...{ after: null, topics: ['customer.merged', 'customer.saved'], limit: 1_000 },
    })
    const own = events.filter(({ tenantId }) => tenantId === tenant.id).slice(-2)
    expect(own).toMatchObject([
      { type: 'customer.merged', payload: { fromId: from.id, intoId: into.id } },
      { type: 'customer.saved', payload: { customerId: into.id, refs: [{ source: 'shop', externalId: '1' }] } },
    ])
    const logged = await db().loggedEvent.findFirst({ where: { ticketId, type: 'TICKET_UPDATED' } })
    expect(logged?.payload).toMatchObject({ changes: [{ field: 'customerId', from: from.id, to: into.id }] })
    const entry = await db().auditEntry.findFirst({ where: { subjectId: into.id, action: 'customer.merged' } })
    expect(entry?.changes).toContainEqual({ field: 'mergedFrom', from: null, to: from.id })
  })

  it('keeps every earlier id one step from the person, also after a second merge', async () => {
    const last = await support.aCustomer(tenant)
    await merge(from.id, into.id)
    await merge(into.id, last.id)
    const aliases = await db().customerAlias.findMany()
    expect(aliases.map(({ id, customerId }) => [id, customerId]).toSorted()).toEqual(
      [from.id, into.id].map((id) => [id, last.id]).toSorted(),
    )
    expect(await read(from.id)).toBe(last.id)
  })

  it('is not undone by an import that has the id that ended: customer and tickets are the person’s', async () => {
    await merge(from.id, into.id)
    const { database, clock } = support
    const now = clock.now()
    const bring = (record: object) =>
      database.transact(tenant.id, (tx) => importCustomers(tx, tenant.id, [{ id: from.id, ...record }], now))
    expect(await bring({ phone: '+44 2' })).toMatchObject({ accepted: 0, updated: 1, userErrors: [] })
    expect(await db().customer.findMany()).toMatchObject([{ id: into.id, name: 'Ada Lovelace', phone: '+44 2' }])
    const ticket = { id: newId(), subject: 'S', channel: 'EMAIL', createdAt: now, customer: { id: from.id } }
    const brought = await database.transact(tenant.id, (tx) => importTickets(tx, tenant.id, [ticket], now))
    expect(brought).toMatchObject({ accepted: 1, userErrors: [] })
    expect(await db().ticket.findFirst({ where: { id: ticket.id } })).toMatchObject({ customerId: into.id })
    await db().customer.updateMany({ where: { id: into.id }, data: { erasedAt: now } })
    expect(await bring({ name: 'Ada' })).toMatchObject({ accepted: 0, userErrors: [{ code: 'CONFLICT' }] })
  })

  it.each(['createCustomer', 'an import'])('of two who were only seen holds when %s says who they are', async (by) => {
    const seen = async (externalId: string) => {
      const row = { tenantId: tenant.id, id: newId(), createdAt: support.clock.now(), updatedAt: support.clock.now() }
      await db().customer.create({ data: row })
      await db().customerRef.create({ data: { tenantId: tenant.id, customerId: row.id, source: 'shop', externalId } })
      return row.id
    }
    const [first, second, third] = [await seen('2'), await seen('3'), await seen('4')]
    await merge(first, second)
    const exported = { tenantId: tenant.id, id: newId(), customerId: second, requestedBy: second, content: '{}' }
    await db().dataExport.create({
      data: { ...exported, createdAt: support.clock.now(), expiresAt: support.clock.now() },
    })
    const externalRefs = ['4', '3'].map((id) => ({ source: 'shop', id }))
    const record = { name: 'Grace', externalRefs }
    if (by === 'createCustomer') await support.aCustomer(tenant, record)
    else
      await support.database.transact(tenant.id, (tx) => importCustomers(tx, tenant.id, [record], support.clock.now()))
    expect([await read(first), await read(third)]).toEqual([third, third])
    // So that an erasure finds it.
    expect(await db().dataExport.findFirst({ where: { id: exported.id } })).toMatchObject({ customerId: third })
  })

  it('refuses one record twice, an erased person, and what is not there', async () => {
    expect((await merge(into.id, into.id.toUpperCase())).userErrors).toEqual(refusal('INVALID', 'input', 'intoId'))
    expect((await merge(newId(), into.id)).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'fromId'))
    expect((await merge(into.id, 'x')).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'intoId'))
    const agent = await support.asAgent(await support.anAgent(tenant, { role: 'AGENT' }))
    expect((await merge(from.id, into.id, agent)).userErrors).toEqual(refusal('FORBIDDEN'))
    const theirs = await support.aCustomer(await support.aTenant())
    expect((await merge(theirs.id, into.id)).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'fromId'))
    await db().customer.updateMany({ where: { id: from.id }, data: { erasedAt: support.clock.now() } })
    expect((await merge(from.id, into.id)).userErrors).toEqual(refusal('CONFLICT', 'input', 'fromId'))
    expect((await merge(into.id, from.id)).userErrors).toEqual(refusal('CONFLICT', 'input', 'intoId'))
    await merge(into.id, (await support.aCustomer(tenant)).id)
    expect(await db().customer.count()).toBe(2)
  })

  it('waits for tickets in their order, whoever’s they are, holding none of the later ones: nobody meets it crosswise', async () => {
    const [first, second] = [from.id, into.id].toSorted()
    const early = await support.aTicket(tenant, { customerId: second! })
    const late = await support.aTicket(tenant, { customerId: first! })
    const lock = (id: string) => Prisma.sql`SELECT 1 FROM ticket WHERE id = ${id}::uuid FOR NO KEY UPDATE NOWAIT`
    const { merging: answer } = await support.database.transact(tenant.id, async (tx) => {
      await tx.$queryRaw(lock(early.id))
      const merging = merge(from.id, into.id)
      await someoneWaits(tx)
      await tx.$queryRaw(lock(late.id))
      return { merging }
    })
    expect((await answer).userErrors).toEqual([])
  })

  it('once, when two ask at the same time, in either direction', async () => {
    const answers = await Promise.all([merge(from.id, into.id), merge(into.id, from.id)])
    expect(answers.filter(({ customer }) => customer !== null)).toHaveLength(1)
    expect([await db().customer.count(), await db().customerAlias.count()]).toEqual([1, 1])
  })
})
