import type { Row } from './rows.ts'

/** One thing to import and the records that it was read from. */
export type Item<T> = { value: T; rows: Row[] }

/** Where a parser puts what it read. `reason` names the rule, not the value, so that reasons can be counted. */
export type Sink<T> = { accept(item: Item<T>): void; reject(row: Row, reason: string): void }

/** Reads a file's records one by one; `end` gives out what was kept back. */
export type Parser = { row(row: Row): void; end(): void }
