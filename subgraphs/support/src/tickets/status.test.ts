import { UserErrors } from '@quimbi/service/errors.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TicketPatch } from './steps.ts'
import { stateOf, statusSteps, transition, type Standing, type State } from './status.ts'

type Whole = Standing & {
  stateSince: Date | null
  closedAt: Date | null
  waitingSince: Date | null
  returnAt: Date | null
}

const start = new Date('2026-11-21T10:00:00.000Z')
const open: Whole = {
  status: 'OPEN',
  waitingOn: null,
  snoozedUntil: null,
  resolution: null,
  reopenCount: 0,
  mergedIntoId: null,
  stateSince: start,
  closedAt: null,
  waitingSince: start,
  returnAt: start,
}

const codeOf = (run: () => unknown): string | null => {
  try {
    run()
    return null
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error
    return error.errors[0]?.code ?? null
  }
}

const later = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000)
const states: fc.Arbitrary<State> = fc.oneof(
  fc.constant<State>({ status: 'OPEN' }),
  fc.constantFrom<State>({ status: 'PENDING', waitingOn: 'CUSTOMER' }, { status: 'PENDING', waitingOn: 'THIRD_PARTY' }),
  fc.nat(3).map((hours): State => ({ status: 'PENDING', waitingOn: 'SNOOZE', until: later(hours * 60) })),
  fc.constantFrom<State>({ status: 'CLOSED' }, { status: 'CLOSED', resolution: 'It came.' }),
)

describe('a ticket’s state', () => {
  it('holds together over any sequence of moves', () => {
    fc.assert(
      fc.property(fc.array(states, { maxLength: 30 }), (moves) => {
        let ticket: Whole = open
        let reopened = 0
        for (const [index, to] of moves.entries()) {
          const now = later(index)
          const before = ticket
          let set: TicketPatch | null
          try {
            set = transition(ticket, to, now)
          } catch (error) {
            // Refused only for what is closed and is to wait.
            expect(error).toBeInstanceOf(UserErrors)
            expect([before.status, to.status]).toEqual(['CLOSED', 'PENDING'])
            continue
          }
          if (set === null) {
            expect(before.status).toBe(to.status)
            continue
          }
          ticket = { ...before, ...(set as Partial<Whole>) }
          if (before.status === 'CLOSED') reopened += 1
          expect(ticket.status).toBe(to.status)
          expect(ticket.waitingOn).toBe(to.status === 'PENDING' ? to.waitingOn : null)
          expect(ticket.stateSince).toEqual(now)
          expect(ticket.closedAt).toEqual(ticket.status === 'CLOSED' ? now : null)
          expect(ticket.snoozedUntil !== null).toBe(ticket.waitingOn === 'SNOOZE')
          expect(ticket.reopenCount).toBe(reopened)
          if (ticket.status === 'CLOSED') expect([ticket.waitingSince, ticket.returnAt]).toEqual([null, null])
          if (ticket.status !== 'CLOSED') expect(ticket.resolution).toBeNull()
          // There already: no change, no event.
          expect(transition(ticket, to, later(99))).toBeNull()
        }
      }),
    )
  })

  it('cannot change any more once it became part of another ticket', () => {
    const merged = { ...open, status: 'CLOSED', mergedIntoId: 'x' }
    expect(codeOf(() => transition(merged, { status: 'OPEN' }, start))).toBe('INVALID_TRANSITION')
    expect(transition(merged, { status: 'CLOSED' }, start)).toBeNull()
  })

  it('keeps the resolution that somebody wrote, and loses it on reopening', () => {
    const written = { ...open, resolution: 'By hand.' }
    const closed = transition(written, { status: 'CLOSED', resolution: 'Derived.' }, start)
    expect(closed).toMatchObject({ resolution: 'By hand.' })
    expect(transition({ ...written, status: 'CLOSED' }, { status: 'OPEN' }, start)).toMatchObject({
      resolution: null,
      reopenCount: 1,
    })
  })

  it('leaves a planned follow-up alone when it closes', () => {
    expect(Object.keys(transition(open, { status: 'CLOSED' }, start) ?? {})).not.toContain('followUpAt')
  })

  it('changes in one step, or none', () => {
    expect(statusSteps(open, { status: 'OPEN' }, start)).toEqual([])
    expect(statusSteps(open, { status: 'CLOSED' }, start, { reason: 'Silence.' })).toEqual([
      { type: 'STATUS_CHANGED', at: start, reason: 'Silence.', set: expect.objectContaining({ status: 'CLOSED' }) },
    ])
  })
})

it.each([
  [{ status: 'PENDING' }, 'REQUIRED'],
  [{ status: 'PENDING', waitingOn: null }, 'REQUIRED'],
  [{ status: 'PENDING', waitingOn: 'SNOOZE' }, 'INVALID'],
  [{ status: 'OPEN', waitingOn: 'CUSTOMER' }, 'INVALID'],
  [{ status: 'CLOSED', waitingOn: 'THIRD_PARTY' }, 'INVALID'],
  [{ status: 'PENDING', waitingOn: 'THIRD_PARTY' }, null],
  [{ status: 'CLOSED' }, null],
] as const)('asking for %j: %s', (input, code) => {
  expect(codeOf(() => stateOf(input))).toBe(code)
})
