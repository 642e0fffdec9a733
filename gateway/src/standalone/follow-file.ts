import { unwatchFile, watchFile, type Stats } from 'node:fs'

/** Calls back when a file's content may have changed; looks by polling, which also sees files that are replaced, or mounted. Gives its end. */
export function followFile(file: string, pollMs: number, onChange: () => Promise<void>): () => void {
  const look = (now: Stats, before: Stats) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size) void onChange()
  }
  watchFile(file, { interval: pollMs, persistent: false }, look)
  return () => unwatchFile(file, look)
}
