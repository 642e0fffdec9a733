import { act, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aViewer } from '../../../tests/kit.tsx'
import { ViewerContext } from '../../session/viewer.tsx'
import type { TicketSideClockFragment } from './generated/Headline.ts'
import { useServerTimeOf } from './server-time.ts'
import { SlaPanel } from './sla-panel.tsx'
import { aClock, at } from './side.test-kit.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.setSystemTime(at(10))
})
afterEach(() => {
  vi.useRealTimers()
})

const clocks = (...changed: object[]) => changed.map((one) => aClock(one) as unknown as TicketSideClockFragment)

function Panel({ of }: { of: TicketSideClockFragment[] }) {
  useServerTimeOf(of)
  return <SlaPanel clocks={of} />
}

const shown = (of: TicketSideClockFragment[], tenant: string) =>
  render(
    <ViewerContext value={{ ...aViewer, tenant: { ...aViewer.tenant, id: tenant } }}>
      <Panel of={of} />
    </ViewerContext>,
  )

const pass = (seconds: number): void =>
  act(() => {
    vi.advanceTimersByTime(seconds * 1_000)
  })

describe('SLA clocks', () => {
  it('count down by the second, then say by how much they are over', () => {
    shown(clocks({}), 'counting')
    expect(screen.getByRole('timer').textContent).toBe('20:00 left')
    pass(1)
    expect(screen.getByRole('timer').textContent).toBe('19:59 left')
    pass(20 * 60)
    expect(screen.getByRole('timer').textContent).toBe('0:01 over')
    expect(screen.getByText('Overdue')).toBeDefined()
  })

  it('count by the server’s clock where a demo’s was moved ahead', () => {
    // Ten minutes later here, but the server has counted three hours and ten minutes.
    const breachAt = at(4 * 60)
    shown(clocks({ elapsedSeconds: 190 * 60, breachAt }), 'moved')
    pass(0)
    expect(screen.getByRole('timer').textContent).toBe('50:00 left')
    pass(60)
    expect(screen.getByRole('timer').textContent).toBe('49:00 left')
  })

  it('stand still while they are paused, and say how they ended', () => {
    shown(
      clocks(
        { metric: 'REQUESTER_WAIT', status: 'PAUSED', breachAt: null },
        { metric: 'FIRST_RESPONSE', status: 'ACHIEVED', satisfiedAt: at(10) },
        { metric: 'RESOLUTION', status: 'BREACHED', breachAt: at(30), satisfiedAt: at(35) },
      ),
      'still',
    )
    expect(screen.queryByRole('timer')).toBeNull()
    expect(screen.getByText('It stands still after 10 min.')).toBeDefined()
    expect(screen.getByText('Met after 10 min.')).toBeDefined()
    expect(screen.getByText('Met 5 min late.')).toBeDefined()
  })

  it('explain themselves: policy, and what of their time counted', () => {
    shown(
      clocks({
        intervals: [
          { from: at(0), to: at(5), counted: false, reason: 'Outside of opening hours.' },
          { from: at(5), to: null, counted: true, reason: 'Nobody has answered.' },
        ],
        elapsedSeconds: 300,
      }),
      'explained',
    )
    expect(screen.getByText(/Policy “Standard”, version 2/)).toBeDefined()
    expect(screen.getByText('no: Outside of opening hours.')).toBeDefined()
    expect(screen.getByText('yes: Nobody has answered.')).toBeDefined()
  })

  it('say that nothing was promised', () => {
    shown([], 'none')
    expect(screen.getByText('Nothing was promised about this ticket.')).toBeDefined()
  })
})
