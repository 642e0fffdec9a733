import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServerUser } from './postgres-user.ts'
import { serverEnvironment } from './run.ts'

/** A server that ends with us, even when we are killed. */
export type Supervised = {
  /** settles with the exit code (128 + n for signal n), or rejects when it could not be started */
  exited: Promise<number>
  hasExited(): boolean
  /** asks it to shut down (SIGINT), insists after 30 s (SIGQUIT), ends everything after 40 s */
  stop(): Promise<void>
  /** lets our process end while the server runs (which then stops it) */
  unref(): void
}

/**
 * The shell holds our pipe as descriptor 3: at its end (we stopped it, exited or were killed) it interrupts the server.
 * In a session of its own, so that Ctrl-C in the terminal reaches us and not the server, which still has to be drained.
 */
const script = `
trap '' HUP INT TERM
"$@" 3<&- &
server=$!
{
  read -r _ <&3
  kill -INT $server
  waited=0
  while [ $waited -lt 30 ] && kill -0 $server 2>/dev/null; do sleep 1; waited=$((waited + 1)); done
  kill -QUIT $server
} 2>/dev/null &
watcher=$!
wait $server
code=$?
kill -KILL $watcher 2>/dev/null
exit $code
`

/** Starts `command`; its output goes to the open file `log`. */
export function startSupervised(
  command: string,
  args: readonly string[],
  options: { log: number; user?: ServerUser },
): Supervised {
  const child: ChildProcess = spawn('/bin/sh', ['-c', script, 'supervisor', command, ...args], {
    cwd: '/',
    detached: true,
    env: serverEnvironment,
    stdio: ['ignore', options.log, options.log, 'pipe'],
    ...options.user,
  })
  const lifeline = child.stdio[3] as Writable & { unref?(): void }
  lifeline.on('error', () => {}) // the server is gone; `exited` says so

  let gone = false
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`Cannot start ${command}: ${error.message}`)))
    child.once('exit', (code) => resolve(code ?? 137))
  }).finally(() => {
    gone = true
    lifeline.destroy()
  })
  exited.catch(() => {}) // reported to whoever awaits it

  return {
    exited,
    hasExited: () => gone,
    async stop() {
      if (gone) return
      child.ref()
      lifeline.destroy()
      const timeout = new AbortController()
      const late = delay(40_000, 'late' as const, { signal: timeout.signal, ref: false }).catch(() => null)
      if ((await Promise.race([exited, late])) === 'late' && child.pid) process.kill(-child.pid, 'SIGKILL')
      timeout.abort()
      await exited
    },
    unref() {
      child.unref()
      lifeline.unref?.()
    },
  }
}
