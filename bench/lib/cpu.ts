import { readFileSync } from 'node:fs'
import { descendants } from '../../scripts/lib/processes.ts'

/** CPU time so far of this process and of all PostgreSQL processes below it; the kernel counts theirs in hundredths of a second. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  const ticks = descendants(process.pid).map((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return Number(fields[11]) + Number(fields[12])
    } catch {
      return 0 // ended meanwhile
    }
  })
  return user + system + ticks.reduce((sum, each) => sum + each, 0) * 10_000
}
