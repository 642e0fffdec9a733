import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { longestHorizon, shortestHorizon } from '../churn/horizon.ts'
import { recordChange } from '../common/record-change.ts'
import type { Db } from '../database.ts'
import { requireManager } from './permissions.ts'
import { computeAnew } from './roles.ts'
import { never, nextTraining } from './schedule.ts'

/** What is left out stays; null is the default again. */
export type Settings = { churnHorizonDays?: number | null | undefined; retrainSchedule?: string | null | undefined }

/** Saves what the tenant says of its models. @throws UserErrors FORBIDDEN, INVALID, REQUIRED or NOT_FOUND */
export async function saveSettings(
  tx: Db,
  viewer: Viewer,
  { churnHorizonDays, retrainSchedule }: Settings,
  now: Date,
): Promise<{ accepted: number; updated: number; duplicates: number }> {
  requireManager(viewer)
  const { tenantId } = viewer
  if (churnHorizonDays === undefined && retrainSchedule === undefined)
    refuse('REQUIRED', 'Say what to save.', ['input'])
  if (churnHorizonDays !== undefined) checkHorizon(churnHorizonDays)
  if (retrainSchedule !== undefined) checkSchedule(tenantId, retrainSchedule, now)
  const before = await lockProfile(tx, tenantId)
  const data = {
    ...(churnHorizonDays !== undefined && { churnHorizonDays }),
    ...(retrainSchedule !== undefined && {
      retrainSchedule,
      retrainDueAt: nextTraining(tenantId, retrainSchedule, now),
    }),
  }
  await tx.tenantProfile.updateMany({ where: { tenantId }, data })
  if (churnHorizonDays !== undefined && churnHorizonDays !== before.churnHorizonDays) await computeAnew(tx, tenantId)
  const changes = differences<Saved>(before, { ...before, ...data }, ['churnHorizonDays', 'retrainSchedule'])
  const subject = { subjectType: 'IntelligenceSettings', subjectId: tenantId }
  if (changes.length > 0)
    await recordChange(tx, viewer, { now, action: 'intelligence.settings_changed', ...subject, changes })
  return { accepted: 0, updated: 1, duplicates: 0 }
}

function checkHorizon(days: number | null): void {
  if (days === null || (Number.isInteger(days) && days >= shortestHorizon && days <= longestHorizon)) return
  refuse('INVALID', `A horizon is ${shortestHorizon} to ${longestHorizon} days.`, ['input', 'churnHorizonDays'])
}

function checkSchedule(tenantId: string, schedule: string | null, now: Date): void {
  if (schedule === null || schedule === never) return
  const path = ['input', 'retrainSchedule']
  if (schedule.length > 100) refuse('TOO_LONG', 'At most 100 characters.', path)
  if (!nextTraining(tenantId, schedule, now))
    refuse('INVALID', `Five cron fields in UTC that match within a year, such as "0 3 * * 0", or "${never}".`, path)
}

type Saved = { churnHorizonDays: number | null; retrainSchedule: string | null }

async function lockProfile(tx: Db, tenantId: string): Promise<Saved> {
  const [profile] = await tx.$queryRaw<Saved[]>`
    SELECT churn_horizon_days AS "churnHorizonDays", retrain_schedule AS "retrainSchedule" FROM tenant_profile WHERE tenant_id = ${tenantId}::uuid FOR UPDATE`
  return profile ?? refuse('NOT_FOUND', 'Nothing is known of this tenant yet.')
}
