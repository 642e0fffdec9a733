import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

const BEAT_MS = 1_000
const STALE_MS = 15_000

/**
 * Runs `body` while no other process holds `path`. The lock of a process that died is taken over: at once when it lived
 * on this machine, else when its heartbeat stops.
 */
export async function withFileLock<T>(path: string, body: () => Promise<T>): Promise<T> {
  const mine = `${hostname()} ${process.pid} ${randomUUID()}`
  while (!(await create(path, mine))) {
    if (!(await removeIfStale(path))) await delay(50)
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), BEAT_MS)
  try {
    return await body()
  } finally {
    clearInterval(beat)
    if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true })
  }
}

/** A link appears with its content, where an opened file would be seen empty for a moment. */
async function create(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, content, { mode: 0o644 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function removeIfStale(path: string): Promise<boolean> {
  let holder: string
  try {
    holder = await readFile(path, 'utf8')
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs < STALE_MS && !isDeadHere(holder)) return false
  } catch {
    return true // released in the meantime
  }
  // Take it away under another name first: if it is no longer the one judged, it goes back.
  const taken = `${path}.${randomUUID()}`
  try {
    await rename(path, taken)
    if ((await readFile(taken, 'utf8')) !== holder) await link(taken, path).catch(() => {})
  } catch {
    // another process took it
  } finally {
    await rm(taken, { force: true })
  }
  return true
}

function isDeadHere(holder: string): boolean {
  const [host, pid] = holder.split(' ')
  return host === hostname() && !isAlive(Number(pid))
}

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
