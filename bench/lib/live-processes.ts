import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from '../../scripts/lib/root.ts'

/** A service in a process of its own, which can be killed and comes back at the same port. */
export type ServiceProcess = {
  name: string
  url: string
  readonly pid: number
  /** Kills it as a crash does, and starts it again; resolves when it is ready. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/** Starts a service by its entry point; resolves when it is ready. */
export async function startService(
  name: string,
  entry: string,
  port: number,
  environment: NodeJS.ProcessEnv,
): Promise<ServiceProcess> {
  const url = `http://127.0.0.1:${port}`
  const env = { ...environment, PORT: String(port), HOST: '127.0.0.1' }
  const launch = () =>
    spawn(process.execPath, [join(root, entry)], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] })
  let child = launch()
  // However this process ends, nothing of it stays.
  const reap = () => void child.kill('SIGKILL')
  process.once('exit', reap)
  async function end(signal: NodeJS.Signals) {
    if (isOver(child)) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  await isReady(name, url, () => child)
  return {
    name,
    url,
    get pid() {
      return child.pid ?? 0
    },
    async crash() {
      await end('SIGKILL')
      child = launch()
      await isReady(name, url, () => child)
    },
    async stop() {
      process.off('exit', reap)
      await end('SIGTERM')
    },
  }
}

const isOver = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

async function isReady(name: string, url: string, child: () => ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; await delay(50)) {
    if (isOver(child())) throw new Error(`${name} ended with ${child().exitCode ?? child().signalCode}`)
    const response = await fetch(`${url}/ready`, { headers: { connection: 'close' } }).catch(() => null)
    await response?.body?.cancel()
    if (response?.ok) return
  }
  throw new Error(`${name} did not become ready`)
}

/** CPU time so far of a process, in microseconds; the kernel counts it in hundredths of a second. */
export function cpuMicrosOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Resident memory of a process. */
export const rssMiBOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024

/** The sum of a metric's samples whose labels include all these; 0 where there is none. */
export async function metricOf(url: string, name: string, ...labels: string[]): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { connection: 'close' } })
  const lines = (await response.text())
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  return lines
    .filter((line) => labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}
