import type { EventOf } from '@quimbi/events/topics.ts'
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { receiveAudit } from '../src/audit/receive.ts'
import { recordAudit } from '../src/audit/record.ts'
import { systemActor, type ActorRef } from '../src/log/actors.ts'
import { codesOf, openSupport, start, type Ask, type TestAgent, type TestSupport } from './kit.ts'
import { planOf } from './log-plans.ts'

let support: TestSupport
let tenant: Tenant
let manager: TestAgent
let ask: Ask

const minute = (n: number) => new Date(start.getTime() + n * 60_000)
const isoMinute = (n: number) => minute(n).toISOString()

beforeAll(async () => {
  support = await openSupport()
  tenant = await support.aTenant()
  manager = await support.anAgent(tenant, { role: 'MANAGER' })
  ask = await support.asAgent(manager)
  await support.database.system.auditEntry.deleteMany({})
  const byManager: ActorRef = { kind: 'agent', id: manager.id }
  await record(tenant.id, byManager, 0, 'agent.created', 'a1', [{ field: 'role', from: null, to: 'AGENT' }])
  await record(tenant.id, systemActor('IMPORT', 'orders'), 1, 'customer.imported', 'c1')
  await record(tenant.id, byManager, 1, 'customer.read', 'c1')
  await record(tenant.id, byManager, 2, 'agent.created', 'a2')
  await record((await support.aTenant()).id, byManager, 3, 'agent.created', 'a3')
})
afterAll(() => support.close())

const record = (
  tenantId: string,
  actor: ActorRef,
  at: number,
  action: string,
  subjectId: string,
  changes = [] as { field: string; from: unknown; to: unknown }[],
) =>
  support.database.transact(tenantId, (tx) =>
    recordAudit(tx, { tenantId, who: { actor }, now: minute(at), action, subjectType: 'Thing', subjectId, changes }),
  )

const query = `query ($actorId: ID, $subjectId: ID, $action: String, $from: DateTime, $to: DateTime, $first: Int, $after: String) {
  auditLog(actorId: $actorId, subjectId: $subjectId, action: $action, from: $from, to: $to, first: $first, after: $after) {
    nodes { id at action subjectType subjectId changes { field from to } actor { __typename ... on Agent { name } ... on SystemActor { kind name } } }
    pageInfo { hasNextPage endCursor } } }`

type Answer = {
  auditLog: {
    nodes: { id: string; action: string; subjectId: string }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
  }
}

async function found(variables: object = {}): Promise<string[]> {
  const { data, errors } = await ask<Answer>(query, { ...variables })
  expect(errors).toEqual([])
  return data!.auditLog.nodes.map(({ action, subjectId }) => `${action} ${subjectId}`)
}

describe('the audit trail', () => {
  it('is there newest first, with who did what, and never another tenant’s', async () => {
    const { data } = await ask<Answer>(query)
    expect(data?.auditLog.nodes[0]).toMatchObject({
      at: isoMinute(2),
      action: 'agent.created',
      subjectType: 'Thing',
      subjectId: 'a2',
      changes: [],
      actor: { __typename: 'Agent', name: manager.name },
    })
    expect(data?.auditLog.nodes).toContainEqual(
      expect.objectContaining({
        subjectId: 'c1',
        actor: { __typename: 'SystemActor', kind: 'IMPORT', name: 'orders' },
      }),
    )
    expect(data?.auditLog.nodes.at(-1)).toMatchObject({ changes: [{ field: 'role', from: null, to: 'AGENT' }] })
    expect(data?.auditLog.nodes).toHaveLength(4)
  })

  it('is narrowed by actor, thing, action and time, all at once', async () => {
    expect(await found({ actorId: manager.id })).toHaveLength(3)
    expect((await found({ subjectId: 'c1' })).toSorted()).toEqual(['customer.imported c1', 'customer.read c1'])
    expect(await found({ action: 'agent.created' })).toEqual(['agent.created a2', 'agent.created a1'])
    expect(await found({ from: isoMinute(1), to: isoMinute(2) })).toHaveLength(2)
    expect(
      await found({
        actorId: manager.id,
        subjectId: 'c1',
        action: 'customer.read',
        from: isoMinute(0),
        to: isoMinute(9),
      }),
    ).toEqual(['customer.read c1'])
    expect(await found({ action: 'nothing' })).toEqual([])
  })

  it('comes page by page, entries of one instant included', async () => {
    const whole = await found()
    for (const first of [1, 2, 3]) {
      const paged: string[] = []
      for (let after: string | null = null, more = true; more;) {
        const { data }: { data: Answer | null } = await ask<Answer>(query, { first, after })
        paged.push(...data!.auditLog.nodes.map(({ action, subjectId }) => `${action} ${subjectId}`))
        after = data!.auditLog.pageInfo.endCursor
        more = data!.auditLog.pageInfo.hasNextPage
      }
      expect(paged).toEqual(whole)
    }
  })

  it('is for managers, refuses what cannot be, and cannot be changed by the application', async () => {
    for (const role of ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD'] as const) {
      const other = await support.asAgent(await support.anAgent(tenant, { role }))
      expect(codesOf(await other(query)), role).toEqual(['FORBIDDEN'])
    }
    expect(codesOf(await support.anonymous(query))).toEqual(['UNAUTHENTICATED'])
    for (const variables of [
      { actorId: 'me' },
      { subjectId: 'a\u0000' },
      { action: 'a\u0000' },
      { first: 101 },
      { after: 'x' },
    ])
      expect(codesOf(await ask(query, variables)), JSON.stringify(variables)).toEqual(['BAD_USER_INPUT'])
    for (const sql of [`UPDATE audit_entry SET action = 'x'`, 'DELETE FROM audit_entry'])
      await expect(support.database.transact(tenant.id, (tx) => tx.$executeRawUnsafe(sql))).rejects.toMatchObject({
        code: '42501',
      })
  })
})

describe('what was done in Intelligence', () => {
  it('is in the trail with who did it, once however often it is told', async () => {
    const own = await support.aTenant()
    const boss = await support.anAgent(own, { role: 'MANAGER' })
    const heard = (minutes: number, doer: EventOf<'audit.recorded'>['payload']['doer']) => ({
      ...{ eventId: randomUUID(), tenantId: own.id, type: 'audit.recorded' as const, occurredAt: minute(minutes) },
      payload: {
        ...{ doer, action: 'api_key.created', subjectType: 'ApiKey', subjectId: `k${minutes}` },
        changes: [{ field: 'name', from: null, to: 'Newsletter' }],
      },
    })
    const events = [
      heard(1, { kind: 'agent', agentId: boss.id }),
      heard(2, { kind: 'partner', keyId: 'k9' }),
      heard(3, { kind: 'service', service: 'intelligence' }),
    ]
    const receive = () => support.database.system.$transaction((tx) => receiveAudit(tx, events))
    await receive()
    await receive()

    const { data } = await (await support.asAgent(boss))<Answer>(query, { action: 'api_key.created' })
    const changes = [{ field: 'name', from: null, to: 'Newsletter' }]
    const integration = (name: string) => ({ __typename: 'SystemActor', kind: 'INTEGRATION', name })
    expect(data?.auditLog.nodes).toEqual(
      [
        { at: isoMinute(3), subjectId: 'k3', actor: integration('intelligence') },
        { at: isoMinute(2), subjectId: 'k2', actor: integration('API key k9') },
        { at: isoMinute(1), subjectId: 'k1', actor: { __typename: 'Agent', name: boss.name } },
      ].map((entry) => {
        const id: unknown = expect.any(String)
        return { ...entry, id, action: 'api_key.created', subjectType: 'ApiKey', changes }
      }),
    )
  })
})

describe('as the application, under row-level security, an index gives the order', () => {
  beforeAll(async () => {
    await support.asOwner(
      `INSERT INTO audit_entry (tenant_id, id, at, actor, actor_id, action, subject_type, subject_id, changes)
      SELECT t.id, gen_random_uuid(), $1::timestamptz - n * interval '1 minute', '{"kind":"agent","id":""}', md5('a' || n % 50)::uuid,
        'action.' || n % 20, 'Thing', 's' || n % 40, '[]' FROM tenant t, generate_series(1, 20000) AS n`,
      [start],
    )
    await support.asOwner('ANALYZE audit_entry')
  })

  const middle = Buffer.from(JSON.stringify([isoMinute(-9_000), crypto.randomUUID()])).toString('base64url')

  it.each([
    ['of all', {}, 'at_id'],
    ['of a time', { from: isoMinute(-9_000), to: isoMinute(-3_000) }, 'at_id'],
    ['of an action', { action: 'action.7' }, 'action_at_id'],
    ['of a thing', { subjectId: 's7' }, 'subject_id_at_id'],
    [
      'of an actor',
      {
        actorId: createHash('md5')
          .update('a7')
          .digest('hex')
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      },
      'actor_id_at_id',
    ],
  ])('%s, the first page and one in the middle', async (_, variables, index) => {
    for (const after of [null, middle]) {
      const plan = await planOf(support, tenant.id, 'audit_entry', () => ask(query, { ...variables, after }))
      expect(plan).toEqual([`Index Scan audit_entry_tenant_id_${index}_idx`])
    }
  })
})
