import type { Logger } from '@quimbi/service/logging.ts'
import { createLru } from '@quimbi/service/lru.ts'
import type { PartnerViewer } from '@quimbi/service/viewer.ts'
import type { IntelligenceDatabase } from '../database.ts'
import type { GuessLimit } from './guessing.ts'
import { createLastUses } from './last-use.ts'
import { findKey, hashOf, keyInvalid, type Known } from './lookup.ts'

/** How long a key is believed without asking: so long a revoked one may still be taken. */
const believedMs = 1_000
const keptKeys = 10_000

type Entry = { at: number; known: Promise<Known | null>; isGood: boolean }

/** Whose a key is, mostly without asking the database. */
export type KeyRing = {
  /**
   * The partner whose key it is, and a note that it was used. `address`: the caller's, for the limit on guesses.
   * @throws GraphQLError UNAUTHENTICATED for an unknown, ended or expired key; THROTTLED for an address that guesses
   */
  partnerOf(key: string, now: Date, address?: string): Promise<PartnerViewer>
  /** Writes down who was used last. */
  drain(): Promise<void>
  stop(): Promise<void>
}

type RingOptions = { database: IntelligenceDatabase; log: Logger; guesses?: GuessLimit | undefined }

/** Keeps what the database said of the last 10,000 keys for a second. What is no key is not kept. */
export function createKeyRing({ database, log, guesses }: RingOptions): KeyRing {
  const entries = createLru<string, Entry>(keptKeys)
  const uses = createLastUses({ pool: database.systemPool, log })
  const nobody = database.forTenant('')

  function look(hash: Buffer, id: string, now: Date, address: string | undefined): Entry {
    // A key that was good a moment ago is asked of again without counting as a guess, however often that has to be.
    const isGood = entries.get(id)?.isGood ?? false
    const ask = () => findKey(nobody, hash, now)
    const known = guesses && !isGood ? guesses.guard(address, ask) : ask()
    const entry: Entry = { at: now.getTime(), known, isGood }
    entries.set(id, entry)
    const forget = () => {
      if (entries.get(id) === entry) entries.delete(id)
    }
    known.then((found) => (found ? (entry.isGood = true) : forget()), forget)
    return entry
  }

  /** Who asks at the same time waits for the same answer. */
  function find(key: string, now: Date, address: string | undefined): Promise<Known | null> {
    const hash = hashOf(key)
    const id = hash.toString('base64')
    const entry = entries.get(id)
    const age = entry ? now.getTime() - entry.at : -1
    return entry && age >= 0 && age < believedMs ? entry.known : look(hash, id, now, address).known
  }

  return {
    async partnerOf(key, now, address) {
      const known = await find(key, now, address)
      if (!known || (known.expiresAt && known.expiresAt <= now)) throw keyInvalid()
      uses.note(known.viewer, now)
      return known.viewer
    },
    drain: () => uses.drain(),
    stop: () => uses.stop(),
  }
}
