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
  try {
    storage.setItem(key, JSON.stringify({ writing, note, mode, at: now } satisfies Kept))
  } catch {
    // Full: older texts make room for this one.
    forgetOldTexts(now, 0, storage)
  }
}

/** Texts that nobody came back to for a month. */
export function forgetOldTexts(now: number, ms = keptMs, storage: Storage = localStorage): void {
  for (const key of Object.keys(storage))
    if (key.startsWith('quimbi.text.') && (read(storage, key)?.at ?? 0) < now - ms) storage.removeItem(key)
}

function read(storage: Storage, key: string): Kept | null {
  try {
    const kept = JSON.parse(storage.getItem(key) ?? 'null') as Kept | null
    return kept && typeof kept.writing?.text === 'string' ? kept : null
  } catch {
    return null
  }
}
