import { readFileSync } from 'node:fs'
import { descendants } from '../../scripts/lib/processes.ts'
import { cpuMicrosOf } from './live-processes.ts'

/** CPU time so far in microseconds, by whose it is. PostgreSQL's and Redis's processes are found below this one. */
type CpuShares = Record<string, number>

/** `named`: processes by name; this one is `driver`. A connection's process that ended meanwhile takes its time with it. */
export function cpuShares(named: Readonly<Record<string, number>>): CpuShares {
  const { user, system } = process.cpuUsage()
  const shares: CpuShares = { driver: user + system }
  for (const [name, pid] of Object.entries(named)) shares[name] = cpuMicrosOf(pid)
  const known = new Set(Object.values(named))
  for (const pid of descendants(process.pid)) {
    const name = known.has(pid) ? null : storeOf(pid)
    if (name !== null) shares[name] = (shares[name] ?? 0) + cpuOrNone(pid)
  }
  return shares
}

/** Milliseconds of each share since, for each of so many requests, and their `total`. */
export function cpuPerRequest(before: CpuShares, after: CpuShares, requests: number): Record<string, number> {
  const spent = Object.entries(after).map(
    ([name, micros]) => [name, Math.max(0, micros - (before[name] ?? 0)) / 1_000 / requests] as const,
  )
  const total = spent.reduce((sum, [, millis]) => sum + millis, 0)
  return Object.fromEntries([...spent, ['total', total] as const].map(([name, ms]) => [name, Number(ms.toFixed(3))]))
}

/** A backend tells its database in its title; the others write logs and pages for both. */
function storeOf(pid: number): string | null {
  const title = titleOf(pid)
  if (title.includes('redis-server')) return 'redis'
  if (!title.startsWith('postgres:') && !/\bpostgres$/.test(title.split(' ')[0] ?? '')) return null
  const database = /^postgres: \S+ (support|intelligence) /.exec(title)?.[1]
  return database === undefined ? 'postgresOwn' : `postgres${database === 'support' ? 'Support' : 'Intelligence'}`
}

function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // ended meanwhile
  }
}

function cpuOrNone(pid: number): number {
  try {
    return cpuMicrosOf(pid)
  } catch {
    return 0
  }
}
