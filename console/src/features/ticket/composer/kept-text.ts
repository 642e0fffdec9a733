import { emptyComposer, isUntouched, type ComposerState, type Writing } from './state.ts'

/** What an agent has written at this browser and not sent, by ticket: it survives reloads and belongs to them alone. */
type Kept = { writing: Writing; note: string; mode: 'reply' | 'note'; at: number }

const keyOf = (agent: string, ticketId: string) => `quimbi.text.${agent}.${ticketId}`
const keptMs = 30 * 86_400_000

export function restoreText(agent: string, ticketId: string, storage: Storage = localStorage): ComposerState {
  const kept = read(storage, keyOf(agent, ticketId))
  if (!kept) return emptyComposer
  return { ...emptyComposer, writing: kept.writing, note: kept.note, mode: kept.mode, notice: 'restored' }
}

/** Keeps what a person wrote; a draft that nobody touched comes by itself. */
export function keepText(
  agent: string,
  ticketId: string,
  { writing, note, mode }: ComposerState,
  now: number,
  storage: Storage = localStorage,
): void {
  const key = keyOf(agent, ticketId)
  if (isUntouched(writing) && note === '') return storage.removeItem(key)
  const text = JSON.stringify({ writing, note, mode, at: now } satisfies Kept)
  if (isPut(storage, key, text)) return
  // Full: older texts make room for this one, the oldest first. Where that is not enough, what was kept of this one before stays.
  for (const older of othersByAge(storage, key)) {
    storage.removeItem(older.key)
    if (isPut(storage, key, text)) return
  }
}

function isPut(storage: Storage, key: string, text: string): boolean {
  try {
    storage.setItem(key, text)
    return true
  } catch {
    return false
  }
}

/** Texts that nobody came back to for a month. */
export function forgetOldTexts(now: number, storage: Storage = localStorage): void {
  for (const { key, at } of othersByAge(storage)) if (at < now - keptMs) storage.removeItem(key)
}

/** All kept texts but one, the oldest first; what cannot be read is older than all. */
function othersByAge(storage: Storage, butKey?: string): { key: string; at: number }[] {
  return Object.keys(storage)
    .filter((key) => key.startsWith('quimbi.text.') && key !== butKey)
    .map((key) => ({ key, at: read(storage, key)?.at ?? 0 }))
    .toSorted((a, b) => a.at - b.at)
}

function read(storage: Storage, key: string): Kept | null {
  try {
    const kept = JSON.parse(storage.getItem(key) ?? 'null') as Kept | null
    return kept && typeof kept.writing?.text === 'string' ? kept : null
  } catch {
    return null
  }
}
