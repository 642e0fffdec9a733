import { describe, expect, it } from 'vitest'
import type { TicketEventPayload, TicketEventType, TicketView } from '../log/ticket-events.ts'
import { noticeOf, peopleIn, type Audience, type Person } from './whom.ts'

const people: Person[] = [
  { id: 'mia', role: 'AGENT', teamIds: ['returns'] },
  { id: 'leo', role: 'SENIOR_AGENT', teamIds: ['returns'] },
  { id: 'ana', role: 'TEAM_LEAD', teamIds: [] },
  { id: 'max', role: 'MANAGER', teamIds: [] },
]

const happened = (type: TicketEventType, view: Partial<TicketView>, payload: Partial<TicketEventPayload> = {}) => ({
  type,
  payload: {
    actor: { kind: 'system', system: 'TIMER', name: 'SLA' } as const,
    changes: [],
    ...payload,
    view: { number: 1042, assigneeId: null, teamId: null, ...view } as TicketView,
  },
})
const moved = (field: string) => [{ field, from: null, to: 'x' }]

const told = (...event: Parameters<typeof happened>) => {
  const notice = noticeOf(happened(...event))
  return notice && [notice.kind, ...peopleIn(notice.to, { people, authorId: 'mia' })]
}

describe('who is told', () => {
  it.each<[string, string[] | null, ...Parameters<typeof happened>]>([
    ['who was given a ticket', ['ASSIGNED', 'mia'], 'ASSIGNED', { assigneeId: 'mia' }],
    [
      'who it was handed on to',
      ['TRANSFERRED', 'mia'],
      'TRANSFERRED',
      { assigneeId: 'mia' },
      { changes: moved('assigneeId') },
    ],
    ['nobody where it stays theirs', null, 'TRANSFERRED', { assigneeId: 'mia' }, { changes: moved('queueId') }],
    ['the team it was handed on to', ['TRANSFERRED', 'mia', 'leo'], 'TRANSFERRED', { teamId: 'returns' }],
    ['nobody of no team', null, 'TRANSFERRED', {}],
    ['who is mentioned', ['MENTION', 'leo', 'max'], 'NOTE_ADDED', {}, { data: { mentionIds: ['max', 'leo', 'gone'] } }],
    ['nobody that a note does not mention', ['MENTION'], 'NOTE_ADDED', {}, {}],
    [
      'leads of an escalation',
      ['ESCALATION', 'mia', 'ana'],
      'ESCALATED',
      { assigneeId: 'mia' },
      { data: { toTeamId: null } },
    ],
    [
      'seniors of a team',
      ['ESCALATION', 'mia', 'leo'],
      'ESCALATED',
      { assigneeId: 'mia' },
      { data: { toTeamId: 'returns' } },
    ],
    [
      'leads where a team has no senior',
      ['ESCALATION', 'mia', 'ana'],
      'ESCALATED',
      { assigneeId: 'mia' },
      { data: { toTeamId: 'new' } },
    ],
    ['the assignee of an SLA', ['SLA_WARNING', 'mia'], 'SLA_WARNING', { assigneeId: 'mia' }],
    ['leads of nobody’s SLA', ['SLA_BREACHED', 'ana'], 'SLA_BREACHED', {}],
    ['leads where the assignee has left', ['SLA_BREACHED', 'ana'], 'SLA_BREACHED', { assigneeId: 'gone' }],
    ['whose follow-up is due', ['FOLLOW_UP_DUE', 'leo'], 'FOLLOW_UP_DUE', { assigneeId: 'leo' }],
    [
      'the author of what failed',
      ['DELIVERY_FAILED', 'mia'],
      'DELIVERY_FAILED',
      { assigneeId: 'leo' },
      { messageId: 'm' },
    ],
    ['nobody of other events', null, 'TAGGED', { assigneeId: 'mia' }],
  ])('is %s', (_, expected, ...event) => expect(told(...event)).toEqual(expected))

  it('is nobody of what an import wrote', () => {
    const actor = { kind: 'system', system: 'IMPORT', name: 'tickets' } as const
    expect(noticeOf(happened('ASSIGNED', { assigneeId: 'mia' }, { actor }))).toBeNull()
  })

  it('is never who did it, and no more than a limit', () => {
    const to: Audience = { agentIds: ['mia', 'leo'] }
    expect(peopleIn(to, { people, doerId: 'mia' })).toEqual(['leo'])
    expect(peopleIn(to, { people, most: 1 })).toEqual(['mia'])
    // Their own act needs no lead either.
    expect(peopleIn({ ...to, agentIds: ['mia'], leads: 'otherwise' }, { people, doerId: 'mia' })).toEqual([])
  })

  it('are managers where there are no leads', () => {
    const without = people.filter(({ role }) => role !== 'TEAM_LEAD')
    expect(peopleIn({ leads: 'always' }, { people: without })).toEqual(['max'])
  })
})

it('says it in one sentence', () => {
  const { text } = noticeOf(happened('SLA_WARNING', {}, { data: { metric: 'FIRST_RESPONSE' } }))!
  expect(text).toBe('The first response target of ticket #1042 is about to be missed.')
})
