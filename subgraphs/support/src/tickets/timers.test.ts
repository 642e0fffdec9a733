import { describe, expect, it } from 'vitest'
import type { Ticket } from '../../generated/prisma/client.ts'
import type { SlaFact } from '../sla/clock.ts'
import { dueSteps } from './timers.ts'

const now = new Date('2026-11-21T10:00:00.000Z')
const before = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000)

const calm = {
  status: 'OPEN',
  waitingOn: null,
  snoozedUntil: null,
  followUpAt: null,
  followUpNote: null,
  returnTo: null,
  returnAt: null,
  mergedIntoId: null,
  reopenCount: 0,
  resolution: null,
} as unknown as Ticket

const due = (ticket: Partial<Ticket>, history: SlaFact[] = []) =>
  dueSteps({ ticket: { ...calm, ...ticket }, sla: { history, clocks: [] }, now })
const snoozed = { status: 'PENDING', waitingOn: 'SNOOZE' }
const returnTo = { agentId: 'a', teamId: null, queueId: 'q', since: before(60).toISOString() }
const reply = (minutes: number): SlaFact => ({
  at: before(minutes).toISOString(),
  kind: 'agent_message',
  messageId: `${minutes}`,
})

describe('what is due', () => {
  it('is nothing while nothing is planned, or all of it lies ahead', () => {
    expect(due({})).toEqual([])
    const ahead = before(-1)
    expect(due({ ...snoozed, snoozedUntil: ahead, followUpAt: ahead, returnAt: ahead, returnTo })).toEqual([])
  })

  it('wakes a ticket at the exact end of its snooze', () => {
    const snoozedUntil = before(0)
    expect(due({ ...snoozed, snoozedUntil })).toMatchObject([
      {
        type: 'WOKE',
        at: snoozedUntil,
        set: { status: 'OPEN', waitingOn: null, snoozedUntil: null, stateSince: snoozedUntil },
      },
    ])
  })

  it('tells of a follow-up once, with its note', () => {
    expect(due({ followUpAt: before(1), followUpNote: 'Ring them.' })).toMatchObject([
      {
        type: 'FOLLOW_UP_DUE',
        at: before(1),
        set: { followUpAt: null, followUpNote: null },
        data: { note: 'Ring them.' },
      },
    ])
  })

  it('comes in the order of its instants', () => {
    const all = { ...snoozed, snoozedUntil: before(1), followUpAt: before(3), returnAt: before(2), returnTo }
    expect(due(all).map(({ type }) => type)).toEqual(['FOLLOW_UP_DUE', 'TRANSFERRED', 'WOKE'])
  })

  it('brings a transferred ticket back if nobody replied', () => {
    const ticket = { assigneeId: 'b', returnAt: before(1), returnTo }
    expect(due(ticket, [reply(90)])).toMatchObject([
      {
        type: 'TRANSFERRED',
        set: { assigneeId: 'a', teamId: null, queueId: 'q', returnTo: null, returnAt: null },
        assignment: { strategy: 'RETURNED' },
      },
    ])
    const recalled: SlaFact = { at: before(20).toISOString(), kind: 'recalled', messageId: '30' }
    expect(due(ticket, [reply(30), recalled])[0]?.type).toBe('TRANSFERRED')
  })

  it.each([
    ['after a reply', {}, [reply(30)]],
    ['when it is closed', { status: 'CLOSED' }, []],
    ['when nothing says where to', { returnTo: null }, []],
  ])('leaves it where it is %s', (_, change, history) => {
    expect(due({ returnAt: before(1), returnTo, ...change }, history)).toMatchObject([
      { type: 'TICKET_UPDATED', set: { returnTo: null, returnAt: null } },
    ])
  })
})
