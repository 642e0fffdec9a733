/** Rows that grow block by block; a row that is not kept is written over. */
export type Rows = {
  /** Where the next row goes; valid until the next call. */
  next(): { cells: Float64Array; offset: number }
  keep(): void
  /** The kept rows, one after another. Nothing can be added any more. */
  finish(): Float64Array<ArrayBuffer>
}

const blockRows = 4096

/** Rows of so many numbers. */
export function createRows(width: number): Rows {
  const blocks: Float64Array[] = [new Float64Array(blockRows * width)]
  let block = blocks[0] as Float64Array
  let rows = 0
  return {
    next() {
      if (rows === blocks.length * blockRows) {
        block = new Float64Array(blockRows * width)
        blocks.push(block)
      }
      return { cells: block, offset: (rows % blockRows) * width }
    },
    keep() {
      rows += 1
    },
    finish() {
      const all = new Float64Array(rows * width)
      // Let go of each block as it is copied: the rows may fill half the memory.
      for (let start = 0; start < all.length; start += blockRows * width)
        all.set(blocks.shift()?.subarray(0, all.length - start) ?? [], start)
      return all
    },
  }
}

/** One growing column of numbers. */
export function createColumn(): { push(value: number): void; finish(): Float64Array<ArrayBuffer> } {
  const rows = createRows(1)
  return {
    push(value) {
      const { cells, offset } = rows.next()
      cells[offset] = value
      rows.keep()
    },
    finish: () => rows.finish(),
  }
}
