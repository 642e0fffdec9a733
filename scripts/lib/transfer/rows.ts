/** A record of a file: `line` is where it begins, from 1; `raw` its cells or its JSON value. */
export type Row<Raw = unknown> = { line: number; raw: Raw }

/** A record that could not be read, and why; `raw` is the line's text. */
export type BrokenRow = Row<string> & { problem: string }

/** Some records of a file, in order; the broken ones apart. */
export type Chunk<Raw = unknown> = { rows: Row<Raw>[]; broken: BrokenRow[] }

/** Longest record, in characters: what is kept in memory of a quote that never closes. */
export const maxRecordLength = 4 << 20
