import { setTimeout as delay } from 'node:timers/promises'

/** What a test may open and has to close, by Node's names. Only what keeps a process alive counts: nothing unref'd. */
const kinds: Record<string, string> = {
  FSEventWrap: 'file watcher',
  PipeServerWrap: 'server on a Unix socket',
  ProcessWrap: 'child process',
  TCPServerWrap: 'TCP server',
  TCPSocketWrap: 'TCP connection',
  Timeout: 'timer',
  UDPWrap: 'UDP socket',
  Worker: 'worker thread',
}

/** How many of each kind are open. */
export type Handles = ReadonlyMap<string, number>

/** The handles open now. The test runner's own short timers come and go, so timers are not among them. */
export function openHandles(): Handles {
  const handles = countHandles()
  handles.delete('Timeout')
  return handles
}

/**
 * @throws an Error that lists the kinds of which more are open than `before`, if they do not close within `graceMs`
 * (ioredis waits two seconds for a connection to close)
 */
export async function refuseLeaks(before: Handles, graceMs = 3_000): Promise<void> {
  const deadline = performance.now() + graceMs
  for (;;) {
    const leaked = [...countHandles()].filter(([kind, count]) => count > (before.get(kind) ?? 0))
    if (leaked.length === 0) return
    if (performance.now() > deadline) {
      const list = leaked.map(([kind, count]) => `${count - (before.get(kind) ?? 0)} × ${kinds[kind]} (${kind})`)
      throw new Error(`This file's tests left open: ${list.join(', ')}`)
    }
    await delay(20, undefined, { ref: false })
  }
}

function countHandles(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    if (Object.hasOwn(kinds, kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}
