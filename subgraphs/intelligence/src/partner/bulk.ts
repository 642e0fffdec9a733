import type { FastifyPluginAsync } from 'fastify'
import { exportDoor } from '../bulk/door.ts'
import { payOrWait } from '../bulk/pay.ts'
import type { ReadLog } from '../keys/read-log.ts'
import { identifyPartner, type PartnerDependencies } from './context.ts'
import { accountsOf, type PartnerLimits } from './limits.ts'

type BulkOptions = Omit<PartnerDependencies, 'gate'> & {
  limits: PartnerLimits
  reads: Pick<ReadLog, 'note'>
  log: Parameters<typeof exportDoor>[0]['log']
}

const outcomes = { ok: 'OK', refused: 'REFUSED', failed: 'FAILED', cut: 'OK' } as const

/** The export of all insight at the partner door: a point for each customer, from the key's own bucket. */
export function partnerExport(options: BulkOptions): FastifyPluginAsync {
  const { database, clock, log, limits, reads } = options
  return exportDoor({
    database,
    clock,
    log,
    partner: (facts) => identifyPartner(facts, options),
    pay: (viewer, points) => payOrWait(() => limits.budget.take([accountsOf(viewer, limits).points], points)),
    note: ({ tenantId, keyId }, { customers, outcome, requestId, startedAt }) =>
      reads.note({
        ...{ tenantId, keyId, requestId, at: startedAt, cost: customers, outcome: outcomes[outcome] },
        operationName: null,
        fields: ['export/insight'],
        customerIds: new Set(),
      }),
  })
}
