import { fixedClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import type { AgentViewer } from '@quimbi/service/viewer.ts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLogins } from './logins.ts'
import type { SessionState } from './sources.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const start = new Date('2026-11-02T12:00:00.000Z')
const log = createLogger({ service: 'gateway', level: 'silent' })
const lead: SessionState = { open: true, role: 'TEAM_LEAD', overseer: true }
const viewer: AgentViewer = {
  ...{ kind: 'agent', tenantId: 't', agentId: 'a', sessionId: 's', role: 'TEAM_LEAD' },
  expiresAt: new Date(start.getTime() + 60_000),
}

function watched(ask: () => Promise<SessionState[]>) {
  const clock = fixedClock(start)
  const logins = createLogins({ ask, clock, log })
  const end = vi.fn()
  const leave = logins.watch({ viewer, overseer: true }, end)
  const reasons = () => end.mock.calls.map(([error]) => (error as { extensions: { reason: string } }).extensions.reason)
  return { clock, logins, leave, reasons }
}

it('ends what has expired within a second, also while nobody says which sessions stand', async () => {
  const ask = vi.fn(() => new Promise<never>(() => {}))
  const { clock, reasons, leave } = watched(ask)
  await vi.advanceTimersByTimeAsync(600)
  expect(ask).toHaveBeenCalledOnce()
  clock.advance(60_000)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(reasons()).toContain('TOKEN_EXPIRED')
  leave()
})

it('asks one question at a time, and leaves those alone of whom nothing is known', async () => {
  let asking = 0
  let most = 0
  const { reasons, leave } = watched(async () => {
    most = Math.max(most, (asking += 1))
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    asking -= 1
    throw new Error('away')
  })
  await vi.advanceTimersByTimeAsync(10_000)
  expect([most, reasons()]).toEqual([1, []])
  leave()
})

it('ends a session that was ended within a second, and asks nothing when nobody is left', async () => {
  let state: SessionState = lead
  const ask = vi.fn(async () => [state])
  const { reasons, leave, logins } = watched(ask)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(reasons()).toEqual([])
  state = { open: false }
  await vi.advanceTimersByTimeAsync(1_000)
  expect(reasons()).toContain('SESSION_ENDED')
  leave()
  const before = ask.mock.calls.length
  await vi.advanceTimersByTimeAsync(5_000)
  expect([ask.mock.calls.length, logins.size]).toEqual([before, 0])
})
