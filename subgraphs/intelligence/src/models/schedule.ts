import { hash } from 'node:crypto'
import { nextMatch } from '@quimbi/database/cron.ts'

/** For a tenant that wants none. */
export const never = 'off'

/** Once a week, at a minute that is the tenant's own: all at once would wait for each other. Five cron fields, UTC. */
export function weeklyOf(tenantId: string): string {
  const minute = hash('sha256', tenantId.toLowerCase(), 'buffer').readUInt32BE(0) % (7 * 1_440)
  return `${minute % 60} ${Math.floor(minute / 60) % 24} * * ${Math.floor(minute / 1_440)}`
}

/** When a tenant is to be trained next; null where it wants none. */
export const nextTraining = (tenantId: string, schedule: string | null, after: Date): Date | null =>
  schedule === never ? null : nextMatch(schedule ?? weeklyOf(tenantId), after)
