import { describe, expect, it } from 'vitest'
import { outcome, summaryLine, verdict } from './test-outcome.ts'
import type { ReportedModule } from './test-outcome.ts'

function aModule(states: Record<string, string>, broken: { module?: boolean; suite?: boolean } = {}): ReportedModule {
  return {
    relativeModuleId: 'a.test.ts',
    errors: () => (broken.module ? [new Error('import failed')] : []),
    children: {
      allSuites: () => [{ fullName: 'suite', errors: () => (broken.suite ? [new Error('beforeAll failed')] : []) }],
      allTests: () => Object.entries(states).map(([fullName, state]) => ({ fullName, result: () => ({ state }) })),
    },
  }
}

describe('the outcome of a test run', () => {
  it('counts tests by their result', () => {
    const counted = outcome([aModule({ one: 'passed', two: 'failed', three: 'skipped' })], [])
    expect(summaryLine(counted)).toBe('1 passed, 1 failed, 1 skipped')
    expect(counted.skips).toEqual(['a.test.ts > three'])
  })

  it('counts a file that does not load, a failed hook and an unhandled error as failures', () => {
    const counted = outcome([aModule({}, { module: true }), aModule({ one: 'passed' }, { suite: true })], [new Error()])
    expect(summaryLine(counted)).toBe('1 passed, 3 failed')
  })

  it('counts a test that never finished as a failure', () => {
    expect(summaryLine(outcome([aModule({ one: 'pending' })], []))).toBe('0 passed, 1 failed')
  })
})

describe('the verdict', () => {
  const whole = { isCi: false, isPartial: false }

  it('is good when everything passed', () => {
    expect(verdict({ passed: 1, failed: 0, skips: [] }, whole)).toEqual([])
  })

  it('refuses a run in which nothing ran', () => {
    expect(verdict({ passed: 0, failed: 0, skips: ['a'] }, whole)).toEqual(['No test ran.'])
  })

  it('accepts skips on a desk, and refuses them in CI unless data is missing or it takes root', () => {
    const counted = {
      passed: 1,
      failed: 0,
      skips: ['a > needs Redis', 'b > imports the retail file (data)', 'c > runs as another user (root)'],
    }
    expect(verdict(counted, whole)).toEqual([])
    expect(verdict(counted, { ...whole, isCi: true })).toEqual(['Skipped, which CI does not accept: a > needs Redis'])
  })
})
