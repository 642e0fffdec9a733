import type { Db } from '../database.ts'
import { keyOfFigure, type Began } from '../live/changes.ts'
import type { InsightMetric } from '../profiles/points.ts'

type Sum = { customerId: string; webhookId: string; metric: InsightMetric; began: number }

const selectSums = `
  SELECT customer_id AS "customerId", webhook_id AS "webhookId", metric, began FROM insight_webhook_sum
  WHERE tenant_id = $1::uuid AND customer_id = ANY ($2::uuid[]) AND webhook_id = ANY ($3::uuid[])`

// Of customers who are still there, and stay so until the end: of others nothing is to add up. In one order, as erasures lock them.
const upsertSums = `
  INSERT INTO insight_webhook_sum AS s (tenant_id, customer_id, webhook_id, metric, began)
  SELECT $1::uuid, c.id, r."webhookId", r.metric, r.began
  FROM jsonb_to_recordset($2::jsonb) AS r ("customerId" uuid, "webhookId" uuid, metric text, began float8)
  JOIN customer c ON c.tenant_id = $1::uuid AND c.id = r."customerId"
  ORDER BY c.id FOR KEY SHARE OF c
  ON CONFLICT (tenant_id, customer_id, webhook_id, metric) DO UPDATE SET began = excluded.began WHERE s.began <> excluded.began`

const deleteSums = `
  DELETE FROM insight_webhook_sum s USING jsonb_to_recordset($2::jsonb) AS r ("customerId" uuid, "webhookId" uuid, metric text)
  WHERE s.tenant_id = $1::uuid AND s.customer_id = r."customerId" AND s.webhook_id = r."webhookId" AND s.metric = r.metric`

/** What adds up for each of some webhooks, of some customers: read at once, written back at once. */
export async function openSums(
  tx: Db,
  tenantId: string,
  of: { customerIds: readonly string[]; webhookIds: readonly string[] },
): Promise<{ of(webhookId: string): Began; save(): Promise<void> }> {
  const rows = await tx.$queryRawUnsafe<Sum[]>(selectSums, tenantId, of.customerIds, of.webhookIds)
  const known = new Map(of.webhookIds.map((id) => [id, new Map<string, number>()]))
  for (const { webhookId, customerId, metric, began } of rows)
    known.get(webhookId)?.set(keyOfFigure(customerId, metric), began)
  const changed = new Map(of.webhookIds.map((id) => [id, new Set<string>()]))
  return {
    of(webhookId) {
      const [sums, touched] = [known.get(webhookId), changed.get(webhookId)]
      return {
        get: (figure) => sums?.get(figure),
        set(figure, began) {
          sums?.set(figure, began)
          touched?.add(figure)
        },
        delete(figure) {
          if (sums?.delete(figure)) touched?.add(figure)
        },
      }
    },
    async save() {
      const all = [...changed].flatMap(([webhookId, touched]) =>
        [...touched].map((figure) => {
          const [customerId, metric] = figure.split(' ')
          return { webhookId, customerId, metric, began: known.get(webhookId)?.get(figure) }
        }),
      )
      const [kept, gone] = [
        all.filter(({ began }) => began !== undefined),
        all.filter(({ began }) => began === undefined),
      ]
      if (gone.length > 0) await tx.$executeRawUnsafe(deleteSums, tenantId, JSON.stringify(gone))
      if (kept.length > 0) await tx.$executeRawUnsafe(upsertSums, tenantId, JSON.stringify(kept))
    },
  }
}
