import { buildSchema, isEnumType } from 'graphql'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TicketEventType } from '../../graph/generated/schema.ts'
import { abilitiesOf } from './abilities.ts'
import { clockDigits, faceOf } from './countdown.ts'
import { decisionWords } from './decision-words.ts'
import { wordsOf } from './event-words.ts'
import { serverTimeOf } from './server-time.ts'
import { instantOf, localInput, presetTimes } from './snooze-times.ts'

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../../../schema/api.graphql'), 'utf8'))

describe('events in words', () => {
  const type = schema.getType('TicketEventType')
  const types = isEnumType(type) ? type.getValues().map(({ name }) => name as TicketEventType) : []

  it.each(types)('%s has a sentence, with and without what changed', (type) => {
    expect(wordsOf({ type, changes: [] }, () => undefined).what).toMatch(/\w{3}/)
    const changes = [{ field: 'anything', from: null, to: { deep: ['x'] } }] as never[]
    expect(wordsOf({ type, changes }, () => undefined).what).not.toContain('undefined')
  })

  it('names people, labels and times, and leaves ids that nobody knows out', () => {
    const change = (field: string, from: unknown, to: unknown) => ({
      __typename: 'FieldChange' as const,
      field,
      from,
      to,
    })
    const say = (type: TicketEventType, ...changes: ReturnType<typeof change>[]) =>
      wordsOf({ type, changes }, (id) => (id === 'a1' ? 'Ravi' : undefined))
    expect(say('ASSIGNED', change('assigneeId', null, 'a1')).what).toBe('gave it to Ravi')
    expect(say('ASSIGNED', change('assigneeId', null, 'gone')).what).toBe('gave it to an agent')
    expect(say('TAGGED', change('tags', ['a'], ['a', 'vip'])).what).toBe('added the tag “vip”')
    expect(say('STATUS_CHANGED', change('status', 'OPEN', 'PENDING'), change('waitingOn', null, 'CUSTOMER')).what).toBe(
      'set it to wait for the customer',
    )
    expect(say('TICKET_UPDATED', change('churnRisk', null, 0.96)).details).toEqual(['Churn risk: 96%'])
    expect(say('TICKET_UPDATED', change('followUpAt', '2026-11-23T09:00:00.000Z', null)).what).toBe(
      'took the follow-up back',
    )
    expect(say('TICKET_UPDATED', change('followUpAt', null, '2026-11-23T09:00:00.000Z')).what).toBe(
      'changed the follow-up',
    )
    expect(say('RERANKED', change('rank', 10, 12.5)).what).toBe('moved it up in the inbox by 2.5 points')
  })
})

describe('decisions in words', () => {
  it('say what was, and what is', () => {
    const name = (id: string) => (id === 't1' ? 'Billing' : undefined)
    expect(decisionWords({ field: 'TAG', from: 'old', to: '' }, name)).toBe('Tag “old” removed')
    expect(decisionWords({ field: 'STATUS', from: 'OPEN', to: 'PENDING:CUSTOMER' }, name)).toBe(
      'Status: open → pending, waits for customer',
    )
    expect(decisionWords({ field: 'QUEUE', from: null, to: 'team:t1' }, name)).toBe('Queue: Billing')
    expect(decisionWords({ field: 'CATEGORY', from: null, to: 'refund' }, name)).toBe('Category: refund')
  })
})

describe('who may do what with a ticket', () => {
  const of = (permissions: string[], assigneeId: string | null) =>
    abilitiesOf({ permissions, agentId: 'me' }, assigneeId)
  const agent = ['ticket:read_own', 'ticket:update_own', 'ticket:take']

  it('agents take nobody’s, change and give back their own, and leave the others’ alone', () => {
    expect(of(agent, null)).toEqual({ change: false, assign: false, take: true, release: false, delete: false })
    expect(of(agent, 'me')).toEqual({ change: true, assign: false, take: false, release: true, delete: false })
    expect(of(agent, 'other')).toEqual({ change: false, assign: false, take: false, release: false, delete: false })
  })

  it('team leads assign anybody’s', () => {
    const lead = [...agent, 'ticket:read_all', 'ticket:update_all', 'ticket:assign']
    expect(of(lead, 'other')).toEqual({ change: true, assign: true, take: true, release: true, delete: false })
  })
})

describe('times to snooze until', () => {
  it('lie in the future, each once, whenever one looks', () => {
    const when = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(when, (date) => {
        const times = presetTimes(date.getTime()).map(({ at }) => at.getTime())
        expect(times.length).toBeGreaterThanOrEqual(5)
        expect(new Set(times).size).toBe(times.length)
        for (const time of times) expect(time).toBeGreaterThan(date.getTime() + 60_000)
      }),
    )
  })

  it('are read from the input as they are written to it', () => {
    const time = new Date(2026, 5, 1, 9, 30).getTime()
    expect(instantOf(localInput(time))).toBe(new Date(time).toISOString())
    expect(instantOf('')).toBeNull()
  })
})

describe('clocks', () => {
  it('write hours only when there are some, and days before', () => {
    expect([3, 62, 3_729, 90_061].map(clockDigits)).toEqual(['0:03', '1:02', '1:02:09', '1 d 01:01:01'])
  })

  it('warn in words as well as in colour', () => {
    const clock = {
      status: 'IMMINENT_BREACH',
      breachAt: '2026-01-01T00:01:00Z',
      satisfiedAt: null,
      elapsedSeconds: 0,
    } as const
    expect(faceOf(clock, Date.parse('2026-01-01T00:00:00Z'))).toMatchObject({
      left: '1:00 left',
      tone: 'warn',
      state: 'Soon overdue',
    })
  })

  it('tell the server’s time when they run, and nothing when they do not', () => {
    const from = '2026-01-01T00:00:00.000Z'
    const then = '2026-01-01T01:00:00.000Z'
    const closed = { from, to: then, counted: true }
    expect(serverTimeOf({ elapsedSeconds: 3_630, intervals: [closed, { from: then, to: null, counted: true }] })).toBe(
      Date.parse('2026-01-01T01:00:30.000Z'),
    )
    expect(
      serverTimeOf({ elapsedSeconds: 3_600, intervals: [closed, { from: then, to: null, counted: false }] }),
    ).toBeNull()
    expect(serverTimeOf({ elapsedSeconds: 3_600, intervals: [closed] })).toBeNull()
  })
})
