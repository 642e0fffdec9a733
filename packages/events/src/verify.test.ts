import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { readCuts } from './checkpoints.ts'
import { trimLog } from './retention.ts'
import { asOwner, openTestDatabase, sequence, tenantA, tenantB, testLinks, writeTicketEvents } from './test-kit.ts'
import { flawBetween, verifyLog } from './verify.ts'

const links = testLinks()
const now = new Date('2026-11-21T12:00:00Z')
const ticketOf = (number: number) => `0198a000-0000-7000-8000-1000000000${String(number).padStart(2, '0')}`
const size = 12

/** Two tenants' logs of twelve entries each, moved in batches of five, as they come. */
async function twoLogs() {
  const { system, ...rest } = await openTestDatabase()
  const events = Array.from({ length: 2 * size }, (_, n) => ({
    tenantId: n % 2 === 0 ? tenantA : tenantB,
    ticketId: n % 6 === 0 ? null : ticketOf(n % 3),
    type: n % 5 === 0 ? 'ASSIGNED' : 'TAGGED',
    occurredAt: new Date(Date.UTC(2026, 10, 1, n)),
    payload: { n, text: 'Grüße, “' + n + '”', nested: { b: [1, null, 0.5], a: true } },
  }))
  await writeTicketEvents(system, events)
  await sequence(system, 5)
  return { system, ...rest }
}

const verify = (pool: pg.Pool, tenantId = tenantA) => verifyLog(pool, { tenantId, links, now })

/** Cuts the entries before the third day's end of tickets 1, whatever else is there stays. */
const trim = (pool: pg.Pool) =>
  trimLog(pool, {
    tenantId: tenantA,
    before: new Date(Date.UTC(2026, 10, 1, 16)),
    keep: { sql: 'entry.ticket_id <> $4', values: [ticketOf(1)] },
    links,
    now,
  })

/** What an entry's hash covers, as somebody with an export would compute it. */
type Exported = {
  sequence: string
  event_id: string
  type: string
  occurred_at: Date
  ticket_id: string | null
  payload: string | null
  salt: Buffer | null
  digest: Buffer
  hash: Buffer
}
const sha256 = (...parts: (Buffer | string)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

describe('the chain', () => {
  it('is what anybody computes from the exported entries', async () => {
    const { system } = await twoLogs()
    for (const tenantId of [tenantA, tenantB]) {
      const { rows } = await system.query<Exported>(
        'SELECT *, payload::text AS payload FROM event_log WHERE tenant_id = $1 ORDER BY sequence',
        [tenantId],
      )
      let hash = sha256(tenantId)
      for (const { salt, payload, ...entry } of rows) {
        expect(sha256(salt ?? '', payload ?? '')).toEqual(entry.digest)
        const { sequence, event_id, type, occurred_at, ticket_id, digest } = entry
        const facts = [
          tenantId,
          sequence,
          event_id,
          type,
          occurred_at.getTime(),
          ticket_id ?? '',
          digest.toString('hex'),
        ]
        hash = sha256(hash, facts.join('|'))
        expect(hash).toEqual(entry.hash)
      }
      expect(rows).toHaveLength(size)
      expect(await verify(system, tenantId)).toBeNull()
    }
  })

  it('holds for an empty log, and goes on unbroken when several sequencers run at once', async () => {
    const { system } = await openTestDatabase()
    expect(await verify(system)).toBeNull()
    const events = Array.from({ length: 300 }, (_, n) => ({
      tenantId: n % 3 ? tenantA : tenantB,
      ticketId: ticketOf(1),
    }))
    await writeTicketEvents(system, events)
    await Promise.all(Array.from({ length: 4 }, () => sequence(system, 7)))
    expect(await verify(system)).toBeNull()
    expect(await verify(system, tenantB)).toBeNull()
    const { rows } = await system.query<{ last: string }>('SELECT last FROM event_head ORDER BY last')
    expect(rows.map(({ last }) => last)).toEqual(['100', '200', '300'])
  })

  it('holds when a payload is erased with its salt', async () => {
    const { system } = await twoLogs()
    await system.query(
      'UPDATE event_log SET payload = NULL, salt = NULL WHERE tenant_id = $1 AND sequence IN (1, 5, 12)',
      [tenantA],
    )
    expect(await verify(system)).toBeNull()
  })
})

/** Everything that can be done to one entry; $1 is the tenant, $2 the sequence. */
const tamperings = {
  payload: `UPDATE event_log SET payload = payload || '{"n": -1}' WHERE tenant_id = $1 AND sequence = $2`,
  'payload alone erased': `UPDATE event_log SET payload = NULL WHERE tenant_id = $1 AND sequence = $2`,
  'salt alone erased': `UPDATE event_log SET salt = NULL WHERE tenant_id = $1 AND sequence = $2`,
  salt: `UPDATE event_log SET salt = salt || '\\x00' WHERE tenant_id = $1 AND sequence = $2`,
  'payload and digest': `UPDATE event_log SET payload = '{}', digest = app.log_digest(salt, '{}') WHERE tenant_id = $1 AND sequence = $2`,
  'digest of what is erased': `UPDATE event_log SET payload = NULL, salt = NULL, digest = sha256(digest) WHERE tenant_id = $1 AND sequence = $2`,
  hash: `UPDATE event_log SET hash = sha256(hash) WHERE tenant_id = $1 AND sequence = $2`,
  'an entry and its hash': `UPDATE event_log AS e SET type = 'CLOSED', hash = sha256(
      coalesce((SELECT hash FROM event_log AS l WHERE l.tenant_id = $1 AND l.sequence = e.sequence - 1), app.log_genesis($1))
      || app.log_entry(tenant_id, sequence, event_id, 'CLOSED', occurred_at, ticket_id, digest)) || '\\x00'
    WHERE tenant_id = $1 AND sequence = $2`,
  type: `UPDATE event_log SET type = type || 'X' WHERE tenant_id = $1 AND sequence = $2`,
  time: `UPDATE event_log SET occurred_at = occurred_at + interval '1 millisecond' WHERE tenant_id = $1 AND sequence = $2`,
  'event id': `UPDATE event_log SET event_id = gen_random_uuid() WHERE tenant_id = $1 AND sequence = $2`,
  ticket: `UPDATE event_log SET ticket_id = gen_random_uuid() WHERE tenant_id = $1 AND sequence = $2`,
  'ticket lost': `UPDATE event_log SET ticket_id = CASE WHEN ticket_id IS NULL THEN '${ticketOf(9)}'::uuid END WHERE tenant_id = $1 AND sequence = $2`,
  removed: `DELETE FROM event_log WHERE tenant_id = $1 AND sequence = $2`,
  'given to another tenant': `UPDATE event_log SET tenant_id = '${tenantB}', sequence = sequence + 1000 WHERE tenant_id = $1 AND sequence = $2`,
  'put at the end': `UPDATE event_log SET sequence = 1000 WHERE tenant_id = $1 AND sequence = $2`,
  'appended without chain': `WITH raised AS (UPDATE event_head SET last = last + 1 WHERE tenant_id = $1 RETURNING last)
    INSERT INTO event_log SELECT tenant_id, raised.last, position + 1000, gen_random_uuid(), type, occurred_at, payload, digest, hash, salt, ticket_id
    FROM event_log, raised WHERE tenant_id = $1 AND sequence = $2`,
  'appended past the head': `INSERT INTO event_log SELECT tenant_id, ${size} + 1, position + 1000, gen_random_uuid(), type, occurred_at, payload, digest, hash, salt, ticket_id
    FROM event_log WHERE tenant_id = $1 AND sequence = $2`,
  'changed places with its neighbour': `UPDATE event_log AS e SET event_id = o.event_id, type = o.type, occurred_at = o.occurred_at,
      ticket_id = o.ticket_id, payload = o.payload, salt = o.salt, digest = o.digest, hash = o.hash
    FROM event_log AS o WHERE e.tenant_id = $1 AND o.tenant_id = $1 AND e.sequence IN ($2::bigint, $2::bigint % ${size} + 1) AND o.sequence IN ($2::bigint, $2::bigint % ${size} + 1)
      AND o.sequence <> e.sequence`,
  'position among the others': `UPDATE event_log SET position = CASE WHEN sequence = 1 THEN 1000 ELSE -position END WHERE tenant_id = $1 AND sequence = $2`,
} as const

describe('verification', () => {
  it('finds any tampering with any entry, also where the log was cut', async () => {
    const { system, url } = await twoLogs()
    // Somebody with full access is not held up by keys.
    await asOwner(url, 'DROP INDEX event_log_tenant_id_event_id_key')
    const client = await system.connect()
    const flaw = async () =>
      flawBetween(client, tenantA, await readCuts(client, tenantA, links, now), { after: 0n, upTo: null })
    try {
      for (const isCut of [false, true]) {
        if (isCut) expect((await trim(system)).cut).toBeGreaterThan(1)
        const { rows } = await system.query<{ sequence: string }>(
          'SELECT sequence FROM event_log WHERE tenant_id = $1',
          [tenantA],
        )
        const places = rows.map((row) => Number(row.sequence))
        expect(await flaw()).toBeNull()
        const tampering = fc.constantFrom(...Object.entries(tamperings))
        await fc.assert(
          fc.asyncProperty(tampering, fc.constantFrom(...places), async ([name, sql], place) => {
            await undone(client, async () => {
              const touched = (await client.query(sql, [tenantA, place])).rowCount ?? 0
              // Its neighbour may be cut.
              if (touched > (name === 'changed places with its neighbour' ? 1 : 0)) expect(await flaw()).not.toBeNull()
            })
          }),
          { numRuns: 250 },
        )
        expect(await flaw()).toBeNull()
      }
    } finally {
      client.release()
    }
  })

  it('says which entry and how', async () => {
    const { system } = await twoLogs()
    const cases = [
      ['payload', 7, 'PAYLOAD'],
      ['type', 7, 'CHAIN'],
      ['removed', 7, 'MISSING'],
      ['removed', 1, 'MISSING'],
      ['removed', size, 'MISSING'],
      ['appended past the head', size, 'END'],
    ] as const
    const client = await system.connect()
    try {
      for (const [name, place, kind] of cases) {
        await undone(client, async () => {
          await client.query(tamperings[name], [tenantA, place])
          const flaw = await flawBetween(client, tenantA, [], { after: 0n, upTo: null })
          expect(flaw, name).toEqual({ sequence: BigInt(kind === 'END' ? place + 1 : place), kind })
        })
      }
    } finally {
      client.release()
    }
  })

  it('takes no checkpoint that was forged, moved, stretched or signed by another', async () => {
    const { system } = await twoLogs()
    await trim(system)
    expect(await verify(system)).toBeNull()
    expect(await verifyLog(system, { tenantId: tenantA, links: testLinks(), now })).toMatchObject({ kind: 'MISSING' })
    const cut = (await system.query<{ sequence: string }>('SELECT sequence FROM log_checkpoint ORDER BY sequence')).rows
    expect(cut.length).toBeGreaterThan(1)
    const first = Number(cut[0]?.sequence)
    for (const [sql, kind] of [
      [`DELETE FROM log_checkpoint WHERE sequence = ${first}`, 'MISSING'],
      [`UPDATE log_checkpoint SET hash = sha256(hash) WHERE sequence = ${first}`, 'MISSING'],
      [`DELETE FROM event_log WHERE tenant_id = '${tenantA}' AND sequence = ${first + 1}`, 'MISSING'],
      [
        `UPDATE log_checkpoint AS c SET signature = o.signature FROM log_checkpoint AS o WHERE c.sequence = ${first} AND o.sequence <> ${first}`,
        'MISSING',
      ],
    ] as const) {
      const client = await system.connect()
      await undone(client, async () => {
        await client.query(sql)
        const cuts = await readCuts(client, tenantA, links, now)
        expect(await flawBetween(client, tenantA, cuts, { after: 0n, upTo: null }), sql).toMatchObject({ kind })
      })
      client.release()
    }
  })
})

/** Runs in a transaction that is rolled back. */
async function undone(client: pg.PoolClient, run: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  await run().finally(() => client.query('ROLLBACK'))
}
