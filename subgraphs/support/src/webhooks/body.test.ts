import { expect, it } from 'vitest'
import type { TicketEntry } from '../log/entries.ts'
import { bodyOf } from './body.ts'

const entry = {
  tenantId: '0198a000-0000-7000-8000-000000000001',
  sequence: 7n,
  eventId: 'e',
  type: 'TICKET_UPDATED',
  occurredAt: new Date(0),
  ticketId: 't',
  payload: {
    actor: { kind: 'agent', id: 'mia' },
    reason: 'secret',
    changes: [
      { field: 'priority', from: 'LOW', to: 'HIGH' },
      { field: 'followUpNote', from: null, to: 'secret' },
    ],
    view: { number: 7, priority: 'HIGH' },
    data: { note: 'secret' },
  },
} as unknown as TicketEntry

it('says who, what and of which ticket', () => {
  expect(JSON.parse(bodyOf(entry))).toEqual({
    id: 'e',
    type: 'TICKET_UPDATED',
    timestamp: '1970-01-01T00:00:00.000Z',
    data: {
      ticketId: 't',
      ticket: { number: 7, priority: 'HIGH' },
      actor: { kind: 'agent', id: 'mia' },
      changes: [{ field: 'priority', from: 'LOW', to: 'HIGH' }],
      messageId: null,
      noteId: null,
      cursor: expect.any(String),
    },
  })
})

it('says nothing that somebody wrote', () => {
  expect(bodyOf(entry)).not.toContain('secret')
  const edited = { ...entry.payload, changes: [{ field: 'number', from: 'secret', to: 'secret' }] }
  expect(bodyOf({ ...entry, type: 'MESSAGE_EDITED', payload: edited })).not.toContain('secret')
})
