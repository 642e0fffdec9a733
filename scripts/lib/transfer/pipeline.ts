import { createBatcher, type Batching, type BatchLimits } from './batches.ts'
import type { Item, Parser, Sink } from './parser.ts'
import type { Chunk, Row } from './rows.ts'

/** What became of a batch; an error names the item by its place in the batch. */
export type BatchOutcome = {
  accepted: number
  updated: number
  duplicates: number
  errors: { index: number; reason: string }[]
}

/** What became of a file so far. `rows` are records read, `rejected` those of them that did not go in. */
export type Totals = { rows: number; accepted: number; updated: number; duplicates: number; rejected: number }

/** Keeps records that did not go in; `flush` returns when they are on disk. */
export type RejectSink = { add(row: Row, reason: string): void; flush(): Promise<void> }

export type Pipeline<T> = Batching<T> & {
  chunks: AsyncIterable<Chunk>
  /** makes the parser of this file */
  parser(sink: Sink<T>): Parser
  limits: BatchLimits
  /** writes a batch in one transaction; a thrown error ends the import */
  send(values: T[]): Promise<BatchOutcome>
  /** batches that are sent at once; 1 where a later record builds on an earlier one */
  inFlight: number
  rejects: RejectSink
  /** ends the import after the batches under way */
  signal?: AbortSignal
  onProgress?(totals: Totals): void
}

/** Sends a stream of records to the database in batches, reading on meanwhile, never more than `inFlight` batches ahead. */
export async function runPipeline<T>(pipeline: Pipeline<T>): Promise<Totals & { stopped: boolean }> {
  const { rejects, signal, onProgress } = pipeline
  const totals: Totals = { rows: 0, accepted: 0, updated: 0, duplicates: 0, rejected: 0 }
  const batcher = createBatcher<T>(pipeline.limits, pipeline)
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []

  const reject = (row: Row, reason: string) => {
    totals.rejected += 1
    rejects.add(row, reason)
  }
  const send = async (batch: Item<T>[]): Promise<void> => {
    const outcome = await pipeline.send(batch.map(({ value }) => value))
    totals.accepted += outcome.accepted
    totals.updated += outcome.updated
    totals.duplicates += outcome.duplicates
    for (const { index, reason } of outcome.errors) for (const row of batch[index]?.rows ?? []) reject(row, reason)
    onProgress?.(totals)
  }
  const isOver = () => failures.length > 0 || signal?.aborted === true
  const dispatch = async (isEnd: boolean): Promise<void> => {
    for (const batch of batcher.take(isEnd)) {
      while (underWay.size >= pipeline.inFlight) await Promise.race(underWay)
      if (isOver()) return
      const sent: Promise<void> = send(batch)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => underWay.delete(sent))
      underWay.add(sent)
    }
    await rejects.flush()
  }

  const parser = pipeline.parser({ accept: batcher.add, reject })
  try {
    for await (const { rows, broken } of pipeline.chunks) {
      for (const row of rows) parser.row(row)
      for (const row of broken) reject(row, row.problem)
      totals.rows += rows.length + broken.length
      await dispatch(false)
      onProgress?.(totals)
      if (isOver()) break
    }
    if (!isOver()) {
      parser.end()
      await dispatch(true)
    }
  } finally {
    await Promise.all(underWay)
  }
  // What was read after the last batch under way went in, or was refused, is read again by the next run.
  await rejects.flush()
  if (failures.length > 0) throw failures[0]
  return { ...totals, stopped: signal?.aborted === true }
}
