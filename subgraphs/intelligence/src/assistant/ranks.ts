/** Figures of a tenant's customers that an index keeps in order, the highest first. */
type Ranked = 'ltv_12m' | 'revenue_at_risk'

/**
 * One statement ($1: the tenant) for how many customers have a forecast, `customers`, and the figure so many places from the top. `place` is SQL over
 * `customers`. Count and rows come by the indexes of forecasts; a percentile would sort the tenant's every customer. As text only outside: within,
 * ORDER BY would mean the text.
 */
export function rankedQuery(figures: Record<string, { of: Ranked; place: string }>): string {
  const picks = Object.entries(figures).map(
    ([name, { of, place }]) => `
    (SELECT i.${of} FROM customer_insight i WHERE i.tenant_id = $1::uuid AND i.${of} IS NOT NULL
      ORDER BY i.${of} DESC, i.customer_id DESC OFFSET (SELECT ${place} FROM known) LIMIT 1)::text AS "${name}"`,
  )
  return `
  WITH known AS (SELECT count(*)::int AS customers FROM customer_insight WHERE tenant_id = $1::uuid AND ltv_12m IS NOT NULL)
  SELECT customers,${picks.join(',')}
  FROM known`
}
