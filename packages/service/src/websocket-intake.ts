import type { WebSocket } from 'ws'

/** A client's messages on their way in: handled in order, and read no faster than its subscriptions can begin and end. */
export type Intake = {
  take(message: string): void
  /** One of its subscriptions is being begun. Returns what says that it has, or was refused. */
  begin(): () => void
  /** Something is being answered. Returns what says that the answer has left: who does not take answers is not read. */
  answer(): () => void
  /** Subscriptions that the client has not left. */
  readonly size: number
}

type IntakeOptions = {
  socket: Pick<WebSocket, 'pause' | 'resume' | 'readyState' | 'OPEN'>
  /** Handles a message; that of a subscription takes until all of it is over. Must not reject. */
  handle(message: string): Promise<void>
  /** Subscriptions that may be begun at once, as many that may be ending, and answers that may wait to leave. */
  width: number
}

type Message = { text: string; type: unknown; id: unknown }

/**
 * Who leaves before a subscription has begun makes room for another while both are being begun: without a bound that is memory without one.
 * And an id that comes again waits for the end of what had it: else the first would be told under it too, and nobody could leave that any more.
 */
export function createIntake({ socket, handle, width }: IntakeOptions): Intake {
  const waiting: Message[] = []
  const running = new Set<unknown>()
  const left = new Set<unknown>()
  let beginning = 0
  let answering = 0

  const mayGoOn = ({ type, id }: Message): boolean =>
    answering < width && (type !== 'subscribe' || (beginning < width && left.size < width && !left.has(id)))

  function goOn(): void {
    if (socket.readyState !== socket.OPEN) waiting.length = 0
    for (let next = waiting[0]; next && mayGoOn(next); next = waiting[0]) {
      waiting.shift()
      hand(next)
    }
    if (waiting.length > 0) socket.pause()
    else socket.resume()
  }

  function hand({ text, type, id }: Message): void {
    if (type === 'complete' && running.has(id)) left.add(id)
    const handled = handle(text)
    // One that runs already is refused with its socket.
    if (type !== 'subscribe' || running.has(id)) return
    running.add(id)
    void handled.then(() => {
      running.delete(id)
      left.delete(id)
      if (waiting.length > 0) goOn()
    })
  }

  return {
    take(text) {
      const message = { text, ...partsOf(text) }
      if (waiting.length === 0 && mayGoOn(message)) return hand(message)
      waiting.push(message)
      socket.pause()
    },
    begin() {
      beginning += 1
      return () => {
        beginning -= 1
        if (waiting.length > 0) goOn()
      }
    },
    answer() {
      answering += 1
      return () => {
        answering -= 1
        if (waiting.length > 0) goOn()
      }
    },
    get size() {
      return running.size - left.size
    },
  }
}

/** Of what is no message nothing is known: whoever handles it says what is wrong with it. */
function partsOf(text: string): { type: unknown; id: unknown } {
  try {
    const { type, id } = (JSON.parse(text) ?? {}) as { type?: unknown; id?: unknown }
    return { type, id }
  } catch {
    return { type: undefined, id: undefined }
  }
}
