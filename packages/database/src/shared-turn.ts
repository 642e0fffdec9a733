import type pg from 'pg'

type Turn = { client: Promise<pg.PoolClient>; asked: number; open: number; failure?: Error }
type Query = (...args: unknown[]) => Promise<unknown>

/** So many reads at most share a connection: they run one after the other, and a slow one keeps the next ones waiting. */
const mostTogether = 4

/**
 * Reads that one tenant asks for in one turn of the event loop, over one connection: they leave in one write and wake one server process, where
 * each on a connection of its own costs a write, a wake-up and a check-out. Only for statements that wait for no lock: whoever holds it
 * might be waiting for one that stands behind.
 */
export function shareTurns(checkOut: (tenantId: string) => Promise<pg.PoolClient>) {
  const turns = new Map<string, Turn>()

  function turnOf(tenantId: string): Turn {
    const known = turns.get(tenantId)
    if (known && known.asked < mostTogether && !known.failure) return known
    const turn: Turn = { client: checkOut(tenantId), asked: 0, open: 0 }
    turns.set(tenantId, turn)
    setImmediate(() => {
      if (turns.get(tenantId) === turn) turns.delete(tenantId)
    })
    return turn
  }

  return async (tenantId: string, args: readonly unknown[]): Promise<unknown> => {
    const turn = turnOf(tenantId)
    turn.asked += 1
    turn.open += 1
    let client: pg.PoolClient | undefined
    try {
      client = await turn.client
      return await (client.query as Query)(...args)
    } catch (error) {
      turn.failure ??= error as Error
      throw error
    } finally {
      turn.open -= 1
      if (turn.open === 0) {
        // Nobody joins a connection that is on its way back.
        if (turns.get(tenantId) === turn) turns.delete(tenantId)
        // As the pool itself does: a connection on which something failed is not used again.
        client?.release(turn.failure)
      }
    }
  }
}

const kept = 1_000
const told = new Map<string, boolean>()

// Locks of rows, functions of a schema (ours may write), and those of PostgreSQL's own that lock, wait or change what the session is.
const isMore =
  /\bFOR\s+(UPDATE|NO\s+KEY|SHARE|KEY)\b|\w\.\w+\s*\(|(lock|sleep|notify|nextval|setval|set_config)\w*\s*\(/i

/** Whether a statement reads and nothing else. */
export function isPlainRead(text: string): boolean {
  const known = told.get(text)
  if (known !== undefined) return known
  const isRead = /^\s*SELECT\b/i.test(text) && !isMore.test(text)
  if (told.size >= kept) told.clear()
  told.set(text, isRead)
  return isRead
}
