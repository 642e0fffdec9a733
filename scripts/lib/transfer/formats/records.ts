import type { z } from 'zod'
import type { Parser, Sink } from '../parser.ts'
import { reasonOf } from './shape.ts'

/** A kind of canonical record: its shape, and how it lies in CSV. */
export type RecordFormat<T> = {
  record: z.ZodType<T>
  columns: readonly string[]
  required: readonly string[]
  fromCells(header: readonly string[], cells: readonly string[]): object | string
}

/** Whether a CSV header is of this kind: nothing unknown, nothing twice, and all that it takes. */
export function matches(
  format: Pick<RecordFormat<unknown>, 'columns' | 'required'>,
  header: readonly string[],
): boolean {
  const { columns, required } = format
  return (
    new Set(header).size === header.length &&
    header.every((name) => columns.includes(name)) &&
    required.every((name) => header.includes(name))
  )
}

/** Reads canonical records; with a header from CSV, without one from JSON lines. */
export function recordParser<T>(format: RecordFormat<T>, header: readonly string[] | null, sink: Sink<T>): Parser {
  return {
    row(row) {
      const value = header ? format.fromCells(header, row.raw as string[]) : row.raw
      if (typeof value === 'string') return sink.reject(row, header ? value : 'no JSON object')
      const parsed = format.record.safeParse(value)
      if (!parsed.success) return sink.reject(row, reasonOf(parsed.error))
      sink.accept({ value: parsed.data, rows: [row] })
    },
    end() {},
  }
}
