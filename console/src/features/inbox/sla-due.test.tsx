import { act, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { aViewer } from '../../../tests/kit.tsx'
import { ViewerContext } from '../../session/viewer.tsx'
import { Ago } from '../../shared/now.tsx'
import { SlaDue } from './sla-due.tsx'

const hour = 3_600_000
const now = Date.parse('2026-11-22T12:00:00Z')
const iso = (at: number) => new Date(at).toISOString()

/** A ticket that had waited for so many hours when it was scored. */
const scored = (waitedHours: number, ageCurve = 'LINEAR_DAYS') => ({
  ...{ id: 'x', number: 1, createdAt: iso(now - 2 * hour) },
  smartScore: {
    ...{ total: 1, formula: { ageCurve } },
    components: [{ name: 'AGE', input: waitedHours / 24, weight: 1, points: 1 }],
  },
})

const shown = (tenant: string, tickets: ReturnType<typeof scored>[]) =>
  render(
    <ViewerContext value={{ ...aViewer, tenant: { ...aViewer.tenant, id: tenant } }}>
      {tickets.map((ticket, index) => (
        <SlaDue key={index} at={iso(now + 5 * hour)} ticket={ticket} />
      ))}
      <Ago at={iso(now + 2 * hour)} />
    </ViewerContext>,
  )

beforeEach(() => {
  vi.useFakeTimers()
  vi.setSystemTime(now)
})
afterEach(() => {
  vi.useRealTimers()
})

test('an SLA counts down by the server’s clock, where a demo’s was moved ahead', () => {
  shown('moved', [scored(2 + 3)])
  expect(screen.getByText('2 h')).toBeDefined()
  expect(screen.getByText('1 hr. ago')).toBeDefined()
  act(() => void vi.advanceTimersByTime(2 * hour + 60_000))
  expect(screen.getByText('1 min over')).toBeDefined()
})

test('what was scored a while ago, or by another curve, says nothing of the clock now', () => {
  shown('usual', [scored(1), scored(9, 'INVERSE_HOURS')])
  expect(screen.getAllByText('5 h')).toHaveLength(2)
  expect(screen.getByText('in 2 hr.')).toBeDefined()
})
