/** The parts of vitest's report that count; its `TestModule` fits. */
export type ReportedModule = {
  relativeModuleId: string
  errors(): readonly unknown[]
  children: {
    allSuites(): Iterable<{ fullName: string; errors(): readonly unknown[] }>
    allTests(): Iterable<{ fullName: string; result(): { state: string; note?: string | undefined } }>
  }
}

/** What a run came to; skips are named `file > test: reason`. */
export type Outcome = { passed: number; failed: number; skips: string[] }

/** Counts tests. A file or suite that broke outside of a test, and an unhandled error, count as one failure each. */
export function outcome(modules: readonly ReportedModule[], unhandledErrors: readonly unknown[]): Outcome {
  const counted: Outcome = { passed: 0, failed: unhandledErrors.length, skips: [] }
  for (const module of modules) {
    counted.failed += module.errors().length > 0 ? 1 : 0
    for (const suite of module.children.allSuites()) counted.failed += suite.errors().length > 0 ? 1 : 0
    for (const test of module.children.allTests()) {
      const { state, note } = test.result()
      if (state === 'passed') counted.passed += 1
      else if (state === 'skipped') {
        counted.skips.push(`${module.relativeModuleId} > ${test.fullName}${note ? `: ${note}` : ''}`)
      } else counted.failed += 1
    }
  }
  return counted
}

/** Why the run as a whole is not good, in sentences; empty when it is. In CI a skip fails, but for missing data and for what only root can try. */
export function verdict({ passed, failed, skips }: Outcome, run: { isCi: boolean; isPartial: boolean }): string[] {
  const refused = run.isCi && !run.isPartial ? skips.filter((skip) => !/\((data|root)\)/.test(skip)) : []
  return [
    ...(failed > 0 ? ['There are failures, see above.'] : []),
    ...(passed + failed === 0 ? ['No test ran.'] : []),
    ...refused.map((skip) => `Skipped, which CI does not accept: ${skip}`),
  ]
}

/** The closing line, e.g. `12 passed, 0 failed, 1 skipped`. */
export function summaryLine({ passed, failed, skips }: Outcome): string {
  return `${passed} passed, ${failed} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}`
}
