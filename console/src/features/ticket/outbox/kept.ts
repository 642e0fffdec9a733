import { del, entries, set } from 'idb-keyval'
import type { Entry } from './outbox.ts'

/** Where an agent's replies wait between visits. Everything of one agent lies under their own name. */
export type Keeping = {
  load(): Promise<Entry[]>
  save(entry: Entry): Promise<void>
  forget(key: string): Promise<void>
}

/** In the browser's database; `agent` is unique among businesses too. */
export function keepingOf(agent: string): Keeping {
  const prefix = `quimbi.outbox.${agent}.`
  return {
    async load() {
      const all = await entries<string, Entry>()
      return all.filter(([key]) => typeof key === 'string' && key.startsWith(prefix)).map(([, entry]) => entry)
    },
    save: (entry) => set(prefix + entry.reply.key, entry),
    forget: (key) => del(prefix + key),
  }
}
