import { format } from 'node:util'

/** One line printed as an error or a warning. */
export type ConsoleCall = { method: 'error' | 'warn'; text: string }

let unexpected: ConsoleCall[] = []
let expected: ConsoleCall[] | null = null

/** For the rest of this test `console.error` and `console.warn` are expected: returns the list that they fill, silently. */
export function allowConsole(): ConsoleCall[] {
  return (expected ??= [])
}

/** Notes every error and warning printed from now on. */
export function watchConsole(): void {
  for (const method of ['error', 'warn'] as const) {
    const print = console[method].bind(console)
    console[method] = (...args: unknown[]) => {
      const call = { method, text: format(...args) }
      if (expected) return void expected.push(call)
      unexpected.push(call)
      print(...args)
    }
  }
}

/** Ends the permission of `allowConsole`. @throws an Error that quotes what was printed without it since the last time */
export function refuseUnexpectedConsole(): void {
  const calls = unexpected
  unexpected = []
  expected = null
  if (calls.length === 0) return
  const lines = calls.map(({ method, text }) => `console.${method}: ${text}`)
  throw new Error(`Unexpected console output (allowConsole() expects it):\n${lines.join('\n')}`)
}
