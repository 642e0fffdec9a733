/** Sparse rows one after the other: row i has the columns and values from `starts[i]` to `starts[i + 1]`. */
export type SparseRows = { starts: Int32Array; columns: Int32Array; values: Float64Array; n: number; d: number }

/** One sparse row in buffers that are reused: read before the next text. */
export type SparseRow = { columns: Int32Array; values: Float64Array; n: number }

/** Copies rows that `read` yields one at a time. */
export function collectRows(count: number, d: number, read: (index: number) => SparseRow): SparseRows {
  const starts = new Int32Array(count + 1)
  let columns = new Int32Array(1 << 8)
  let values = new Float64Array(1 << 8)
  let used = 0
  for (let index = 0; index < count; index++) {
    const row = read(index)
    if (used + row.n > columns.length) {
      const larger = 2 * (used + row.n)
      columns = grown(columns, new Int32Array(larger))
      values = grown(values, new Float64Array(larger))
    }
    columns.set(row.columns.subarray(0, row.n), used)
    values.set(row.values.subarray(0, row.n), used)
    used += row.n
    starts[index + 1] = used
  }
  return { starts, columns: columns.slice(0, used), values: values.slice(0, used), n: count, d }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** The rows named, in that order. */
export function takeSparseRows({ starts, columns, values, d }: SparseRows, rows: readonly number[]): SparseRows {
  return collectRows(rows.length, d, (index) => {
    const row = rows[index]!
    const range = [starts[row]!, starts[row + 1]!] as const
    return { columns: columns.subarray(...range), values: values.subarray(...range), n: range[1] - range[0] }
  })
}
