import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** How one check ended. */
export type Result = { name: string; isGood: boolean; seconds: number; note: string }

const summarySchema = z.object({
  tasks: z.array(
    z.object({
      task: z.string(),
      cache: z.object({ status: z.string() }),
      execution: z.object({ startTime: z.number(), endTime: z.number(), exitCode: z.number() }).optional(),
    }),
  ),
})

/** Reads what `turbo run --summarize` left in its folder; a check that turbo did not get to has failed. */
export function readResults(folder: string, names: readonly string[]): Result[] {
  const file = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith('.json')) : undefined
  const tasks = file ? summarySchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))).tasks : []
  return names.map((name) => {
    const found = tasks.find(({ task }) => task === name)
    if (!found?.execution) return { name, isGood: false, seconds: 0, note: 'did not run' }
    const { startTime, endTime, exitCode } = found.execution
    const note = found.cache.status === 'HIT' ? 'unchanged' : ''
    return { name, isGood: exitCode === 0, seconds: (endTime - startTime) / 1000, note }
  })
}

/** A line per check. */
export function table(results: readonly Result[]): string {
  return results
    .map(({ name, isGood, seconds, note }) =>
      `${isGood ? '✓' : '✗'} ${name.padEnd(14)} ${isGood ? 'good  ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${note}`.trimEnd(),
    )
    .join('\n')
}
