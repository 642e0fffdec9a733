import type pg from 'pg'

/** Which one of many instances does what only one should. */
export type Leadership = {
  /** Whether this instance leads, from now on if nobody did. */
  lead(): Promise<boolean>
  resign(): void
}

// A session's lock: it ends with the connection, whatever becomes of the process. Locks are counted per database.
const tryToLead = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS leads'

/** Holds one of the pool's connections while this instance leads. */
export function createLeadership(pool: pg.Pool, name: string): Leadership {
  let leader: pg.PoolClient | undefined

  /** Closes the connection, and with it gives up the lock. */
  function resign(client = leader): void {
    if (!client || client !== leader) return
    leader = undefined
    client.release(true)
  }

  return {
    async lead() {
      if (leader) return true
      const client = await pool.connect()
      const onLost = () => resign(client)
      client.on('error', onLost)
      const { rows } = await client.query<{ leads: boolean }>(tryToLead, [name]).catch((error: unknown) => {
        client.release(true)
        throw error
      })
      if (rows[0]?.leads) {
        leader = client
        return true
      }
      client.off('error', onLost)
      client.release()
      return false
    },
    resign: () => resign(),
  }
}
