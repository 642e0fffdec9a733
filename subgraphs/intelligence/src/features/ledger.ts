/** Whole-number sums by day, oldest first: at most one entry a day, however many facts. */
export type Ledger = {
  /** entries */
  size: number
  /** The entry of a day, opened if it is not the last one; days only ascend. */
  open(day: number): number
  day(entry: number): number
  add(entry: number, column: number, value: number): void
  value(entry: number, column: number): number
  /** The first entry on or after a day. */
  firstFrom(day: number): number
  clear(): void
}

/** A ledger with so many columns; its memory is kept when it is cleared. */
export function createLedger(columns: number): Ledger {
  const stride = columns + 1
  let cells = new Float64Array(16 * stride)
  const cell = (entry: number, column: number) => cells[entry * stride + column] ?? 0
  const ledger: Ledger = {
    size: 0,
    open(day) {
      const last = ledger.size - 1
      if (last >= 0 && cell(last, columns) === day) return last
      const start = ledger.size * stride
      if (start === cells.length) {
        const larger = new Float64Array(cells.length * 2)
        larger.set(cells)
        cells = larger
      }
      cells.fill(0, start, start + columns)
      cells[start + columns] = day
      ledger.size += 1
      return last + 1
    },
    day: (entry) => cell(entry, columns),
    add(entry, column, value) {
      cells[entry * stride + column] = cell(entry, column) + value
    },
    value: cell,
    firstFrom(day) {
      let entry = ledger.size
      while (entry > 0 && cell(entry - 1, columns) >= day) entry -= 1
      return entry
    },
    clear() {
      ledger.size = 0
    },
  }
  return ledger
}
