import type { Viewer } from '@quimbi/service/viewer.ts'
import type { TopicAlert } from '../../generated/prisma/client.ts'
import { alertsInForce } from '../alerts/in-force.ts'
import type { Db } from '../database.ts'
import { configOf, type TenantConfig } from '../tenants/config.ts'

/** What all scores of one request share. */
export function createScoringLoaders(db: Db, viewer: Viewer) {
  let config: Promise<TenantConfig> | undefined
  let alerts: Promise<TopicAlert[]> | undefined
  const tenantConfig = (): Promise<TenantConfig> => (config ??= configOf(db, viewer.tenantId))
  return {
    tenantConfig,
    /** The saved topic alerts that change the viewer's inbox. */
    alertsInForce: (now: Date): Promise<TopicAlert[]> =>
      (alerts ??= tenantConfig().then((known) => alertsInForce(db, viewer, known, now))),
  }
}
