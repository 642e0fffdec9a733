import { tellRisen, type ChurnMove } from '../automation/churn.ts'
import type { Db } from '../database.ts'
import type { Doer } from '../log/actors.ts'
import { rerankTickets } from '../scoring/rerank.ts'

/** What Intelligence thinks of a customer; `lifetimeValue` in the tenant's currency. */
export type Insight = {
  customerId: string
  churnRisk: number | null
  lifetimeValue: number | null
  archetype: string | null
  asOf: Date
}

const reason = 'What Intelligence thinks of the customer changed.'

/** Keeps insights that are newer than what is known, and ranks those customers' open tickets anew. In the caller's transaction. */
export async function recordInsights(
  tx: Db,
  { tenantId, who, now }: { tenantId: string; who: Doer; now: Date },
  insights: readonly Insight[],
): Promise<void> {
  const newest = [...Map.groupBy(insights, ({ customerId }) => customerId).values()].map((of) =>
    of.reduce((best, one) => (one.asOf >= best.asOf ? one : best)),
  )
  const rows = JSON.stringify(newest)
  const updated = await tx.$queryRaw<ChurnMove[]>`
    UPDATE customer c SET churn_risk = r."churnRisk", lifetime_value = r."lifetimeValue", archetype = r.archetype, insight_at = r."asOf"
    FROM jsonb_to_recordset(${rows}::jsonb)
      AS r ("customerId" uuid, "churnRisk" float8, "lifetimeValue" numeric(14, 2), archetype text, "asOf" timestamptz)
      JOIN customer was ON was.tenant_id = ${tenantId}::uuid AND was.id = r."customerId"
    WHERE c.tenant_id = ${tenantId}::uuid AND c.id = r."customerId" AND c.erased_at IS NULL
      AND (c.insight_at IS NULL OR c.insight_at < r."asOf")
    RETURNING c.id, was.churn_risk AS "churnFrom", c.churn_risk AS "churnTo"`
  if (updated.length === 0) return
  const tickets = await tx.ticket.findMany({
    where: { tenantId, customerId: { in: updated.map(({ id }) => id) }, status: 'OPEN' },
    select: { id: true },
  })
  const ids = tickets.map(({ id }) => id)
  if (ids.length > 0) await rerankTickets(tx, { tenantId, ids, who, now, reason, isTold: true })
  await tellRisen(tx, { tenantId, who, now }, updated)
}
