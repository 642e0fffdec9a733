import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RejectSink } from './pipeline.ts'
import type { Row } from './rows.ts'

/** Why records did not go in: how many for a reason, and the first lines. */
export type ReasonCount = { reason: string; count: number; lines: number[] }

/** Reasons told apart; more than these are counted together. */
const maxReasons = 50

/**
 * Keeps refused records in a file of JSON lines `{ line, reason, row }`, made when the first one comes, readable by its
 * owner only: it holds what the import's file holds. `describe` turns a raw record into what is written.
 */
export function createRejects(path: string, describe: (raw: unknown) => unknown = (raw) => raw) {
  const reasons = new Map<string, ReasonCount>()
  let waiting: string[] = []
  let file: FileHandle | null = null

  const count = (reason: string, line: number) => {
    const key = reasons.has(reason) || reasons.size < maxReasons ? reason : 'other reasons'
    const known = reasons.get(key) ?? { reason: key, count: 0, lines: [] }
    known.count += 1
    if (known.lines.length < 5) known.lines.push(line)
    reasons.set(key, known)
  }
  return {
    add(row: Row, reason: string): void {
      count(reason, row.line)
      waiting.push(`${JSON.stringify({ line: row.line, reason, row: describe(row.raw) })}\n`)
    },
    async flush(): Promise<void> {
      if (waiting.length === 0) return
      const text = waiting.join('')
      waiting = []
      if (!file) {
        await mkdir(dirname(path), { recursive: true })
        file = await open(path, 'w', 0o600)
      }
      await file.appendFile(text)
    },
    /** most frequent first */
    reasons: (): ReasonCount[] => [...reasons.values()].toSorted((a, b) => b.count - a.count),
    async close(): Promise<void> {
      await file?.close()
    },
  } satisfies RejectSink & Record<string, unknown>
}

/** `135,080  no CustomerID (lines 623, 1444, …)`, a line per reason. */
export const reasonLines = (reasons: readonly ReasonCount[]): string[] =>
  reasons.map(({ reason, count, lines }) => {
    const where = lines.map((line) => String(line)).join(', ') + (count > lines.length ? ', …' : '')
    return `${count.toLocaleString('en').padStart(11)}  ${reason} (${count === 1 ? 'line' : 'lines'} ${where})`
  })
