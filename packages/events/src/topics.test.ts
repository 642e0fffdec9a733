import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import { describe, expect, it } from 'vitest'
import { publish, type NewEvent } from './outbox.ts'
import { tenantA } from './test-kit.ts'
import { InvalidEvent, parseEvent, type UnparsedEvent } from './topics.ts'

const received = (event: Partial<UnparsedEvent>): UnparsedEvent => ({
  eventId: tenantA,
  tenantId: tenantA,
  type: 'session.revoked',
  occurredAt: new Date(0),
  payload: { sessionId: tenantA, expiresAt: '2026-11-21T10:00:00.000Z' },
  ...event,
})

describe('an event', () => {
  it('reads an instant back as a date', () => {
    expect(parseEvent(received({})).payload).toEqual({
      sessionId: tenantA,
      expiresAt: new Date('2026-11-21T10:00:00Z'),
    })
  })

  it('drops what its topic does not name', () => {
    const payload = { customerId: tenantA, refs: [], email: 'mia@example.com' }
    expect(parseEvent(received({ type: 'customer.saved', payload })).payload).toEqual({ customerId: tenantA, refs: [] })
  })

  it.each([
    ['of no known topic', { type: 'customer.sold' }],
    ['named like a property of every object', { type: 'constructor' }],
    ['of no tenant', { tenantId: NIL_TENANT }],
    ['whose instant is null', { payload: { sessionId: tenantA, expiresAt: null } }],
    ['without a payload', { payload: undefined }],
  ])('is refused %s', (_, change) => {
    expect(() => parseEvent(received(change))).toThrow(InvalidEvent)
  })

  it('names the place of a mistake, not the value', () => {
    const payload = { sessionId: 'mia@example.com', expiresAt: new Date(0) }
    expect(() => parseEvent(received({ payload }))).toThrow(/sessionId/)
    expect(() => parseEvent(received({ payload }))).not.toThrow(/mia/)
  })

  it('is checked before anything is written', async () => {
    const untouched = { $executeRawUnsafe: () => Promise.reject(new Error('written')) }
    const event: NewEvent = {
      tenantId: NIL_TENANT,
      type: 'customer.seen',
      occurredAt: new Date(),
      payload: { customerId: tenantA, refs: [] },
    }
    await expect(publish(untouched, [event])).rejects.toThrow(InvalidEvent)
    await expect(publish(untouched, [])).resolves.toBeUndefined()
  })
})
