-- Lists and counts of customers by what is thought of them.

-- The finest archetype that a customer is counted in: those above it follow from the models.
ALTER TABLE "customer_insight" ADD COLUMN     "archetype_leaf_id" UUID;

-- A page goes on at a row: with both columns descending, one comparison of rows finds it, however many customers share a figure.
DROP INDEX "customer_insight_tenant_id_archetype_id_revenue_at_risk_cus_idx";

DROP INDEX "customer_insight_tenant_id_churn_risk_customer_id_idx";

DROP INDEX "customer_insight_tenant_id_last_order_at_customer_id_idx";

DROP INDEX "customer_insight_tenant_id_ltv_12m_customer_id_idx";

DROP INDEX "customer_insight_tenant_id_revenue_at_risk_customer_id_idx";

CREATE INDEX "customer_insight_tenant_id_revenue_at_risk_customer_id_idx" ON "customer_insight"("tenant_id", "revenue_at_risk" DESC, "customer_id" DESC);

CREATE INDEX "customer_insight_tenant_id_churn_risk_customer_id_idx" ON "customer_insight"("tenant_id", "churn_risk" DESC, "customer_id" DESC);

CREATE INDEX "customer_insight_tenant_id_ltv_12m_customer_id_idx" ON "customer_insight"("tenant_id", "ltv_12m" DESC, "customer_id" DESC);

CREATE INDEX "customer_insight_tenant_id_last_order_at_customer_id_idx" ON "customer_insight"("tenant_id", "last_order_at" DESC, "customer_id" DESC);

CREATE INDEX "customer_insight_tenant_id_archetype_leaf_id_churn_risk_ltv_idx" ON "customer_insight"("tenant_id", "archetype_leaf_id", "churn_risk", "ltv_12m");

-- Segments of the shipped models have the same ids for every tenant: keys of their own keep one tenant's search out of another's rows.
CREATE FUNCTION app.segment_keys(tenant uuid, segments uuid[]) RETURNS bigint[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog AS $$
DECLARE
  keys bigint[] := '{}';
  segment uuid;
BEGIN
  FOREACH segment IN ARRAY coalesce(segments, '{}') LOOP
    keys := keys || hashtextextended(segment::text, hashtextextended(tenant::text, 0));
  END LOOP;
  RETURN keys;
END $$;
GRANT EXECUTE ON FUNCTION app.segment_keys(uuid, uuid[]) TO quimbi_app, quimbi_system;

-- A short list of what waits to be entered: every search reads it whole.
CREATE INDEX customer_insight_segments_idx ON customer_insight USING gin (app.segment_keys(tenant_id, segment_ids))
  WITH (gin_pending_list_limit = 512);

-- What a filter asks of a row, as text with every value quoted. `segments`: of each list, one.
CREATE FUNCTION app.insight_conditions(tenant uuid, filter jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog AS $$
DECLARE
  conditions text := format('tenant_id = %L::uuid AND status = ''READY''', tenant);
  one jsonb;
BEGIN
  IF filter ? 'archetypes' THEN
    conditions := conditions || format(' AND archetype_leaf_id = ANY (%L::uuid[])',
      ARRAY(SELECT jsonb_array_elements_text(filter -> 'archetypes')));
  END IF;
  FOR one IN SELECT * FROM jsonb_array_elements(coalesce(filter -> 'segments', '[]')) LOOP
    conditions := conditions || format(' AND app.segment_keys(tenant_id, segment_ids) && %L::bigint[] AND segment_ids && %L::uuid[]',
      app.segment_keys(tenant, ARRAY(SELECT jsonb_array_elements_text(one)::uuid)), ARRAY(SELECT jsonb_array_elements_text(one)));
  END LOOP;
  IF filter ? 'churnRiskAtLeast' THEN conditions := conditions || format(' AND churn_risk >= %L::float8', filter ->> 'churnRiskAtLeast'); END IF;
  IF filter ? 'churnRiskAtMost' THEN conditions := conditions || format(' AND churn_risk <= %L::float8', filter ->> 'churnRiskAtMost'); END IF;
  IF filter ? 'ltvAtLeast' THEN conditions := conditions || format(' AND ltv_12m >= %L::numeric', filter ->> 'ltvAtLeast'); END IF;
  IF filter ? 'ltvAtMost' THEN conditions := conditions || format(' AND ltv_12m <= %L::numeric', filter ->> 'ltvAtMost'); END IF;
  IF filter ? 'lastOrderBy' THEN conditions := conditions || format(' AND last_order_at <= %L::timestamptz', filter ->> 'lastOrderBy'); END IF;
  IF filter ? 'lifecycle' THEN
    conditions := conditions || format(' AND lifecycle = ANY (%L::text[])', ARRAY(SELECT jsonb_array_elements_text(filter -> 'lifecycle')));
  END IF;
  RETURN conditions;
END $$;
REVOKE EXECUTE ON FUNCTION app.insight_conditions(uuid, jsonb) FROM PUBLIC;

-- A page of the caller's tenant's customers, the highest first. Planned for its values each time, since which index is best depends on them; past
-- row-level security, since under it a condition on an array decides no index.
CREATE FUNCTION app.find_customers(filter jsonb, order_by text, after_key text, after_id uuid, page_size integer)
RETURNS TABLE (id uuid, key text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  tenant uuid := app.current_tenant();
  ordering text := CASE order_by WHEN 'REVENUE_AT_RISK' THEN 'revenue_at_risk' WHEN 'CHURN_RISK' THEN 'churn_risk'
    WHEN 'LTV' THEN 'ltv_12m' WHEN 'LAST_PURCHASE' THEN 'last_order_at' END;
  kind text := CASE order_by WHEN 'CHURN_RISK' THEN 'float8' WHEN 'LAST_PURCHASE' THEN 'timestamptz' ELSE 'numeric' END;
BEGIN
  IF tenant IS NULL OR ordering IS NULL THEN RETURN; END IF;
  RETURN QUERY EXECUTE format('SELECT customer_id, to_jsonb(%1$I) #>> ''{}'' FROM public.customer_insight WHERE %2$s AND %1$I IS NOT NULL',
      ordering, app.insight_conditions(tenant, filter))
    || CASE WHEN after_key IS NULL THEN '' ELSE format(' AND (%I, customer_id) < (%L::%s, %L::uuid)', ordering, after_key, kind, after_id) END
    || format(' ORDER BY %I DESC, customer_id DESC LIMIT %s', ordering, page_size);
END $$;
REVOKE EXECUTE ON FUNCTION app.find_customers(jsonb, text, text, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_customers(jsonb, text, text, uuid, integer) TO quimbi_app, quimbi_system;

-- How many the filter finds, counted up to `most`.
CREATE FUNCTION app.count_customers(filter jsonb, most integer) RETURNS integer LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  tenant uuid := app.current_tenant();
  found integer;
BEGIN
  IF tenant IS NULL THEN RETURN 0; END IF;
  EXECUTE format('SELECT count(*) FROM (SELECT FROM public.customer_insight WHERE %s LIMIT %s) AS found', app.insight_conditions(tenant, filter), most)
    INTO found;
  RETURN found;
END $$;
REVOKE EXECUTE ON FUNCTION app.count_customers(jsonb, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.count_customers(jsonb, integer) TO quimbi_app, quimbi_system;

-- The tenant's churn risk day by day, as what each day changed: the state of a day is the sum up to it. Kept with each change of insight, since adding
-- up every customer's days takes seconds for ten thousand of them. A row a connection, so that none waits for another.
CREATE TABLE "risk_day" (
    "tenant_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "connection" INTEGER NOT NULL,
    "customers" INTEGER NOT NULL,
    "risk" DECIMAL(24,9) NOT NULL,
    "high" INTEGER NOT NULL,
    "revenue" DECIMAL(24,2) NOT NULL,

    CONSTRAINT "risk_day_pkey" PRIMARY KEY ("tenant_id","day","connection")
);

CALL app.protect('risk_day');

-- What a customer counted for is taken off on the day of the new figure, or of the last one where there is none. Exact: it is rounded before.
CREATE FUNCTION app.note_risk() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  added constant text := 'SELECT tenant_id, as_of, 1 AS sign, churn_risk, revenue_at_risk FROM after';
  removed constant text := 'SELECT tenant_id, as_of, -1 AS sign, churn_risk, revenue_at_risk FROM before';
  moved constant text := 'SELECT b.tenant_id, coalesce(a.as_of, b.as_of), -1, b.churn_risk, b.revenue_at_risk
    FROM before b LEFT JOIN after a ON a.tenant_id = b.tenant_id AND a.customer_id = b.customer_id';
BEGIN
  EXECUTE 'INSERT INTO risk_day AS d (tenant_id, day, connection, customers, risk, high, revenue)
    SELECT tenant_id, (as_of AT TIME ZONE ''UTC'')::date, pg_backend_pid(), sum(sign), sum(sign * round(churn_risk::numeric, 9)),
      coalesce(sum(sign) FILTER (WHERE churn_risk >= 0.6), 0), coalesce(sum(sign * revenue_at_risk), 0)
    FROM (' || CASE TG_OP WHEN 'INSERT' THEN added WHEN 'DELETE' THEN removed ELSE added || ' UNION ALL ' || moved END || ') AS change
    WHERE churn_risk IS NOT NULL GROUP BY 1, 2
    ON CONFLICT (tenant_id, day, connection) DO UPDATE SET customers = d.customers + excluded.customers, risk = d.risk + excluded.risk,
      high = d.high + excluded.high, revenue = d.revenue + excluded.revenue';
  RETURN NULL;
END $$;

CREATE TRIGGER note_risk_inserted AFTER INSERT ON customer_insight REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION app.note_risk();
CREATE TRIGGER note_risk_updated AFTER UPDATE ON customer_insight REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION app.note_risk();
CREATE TRIGGER note_risk_deleted AFTER DELETE ON customer_insight REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION app.note_risk();

INSERT INTO risk_day (tenant_id, day, connection, customers, risk, high, revenue)
SELECT tenant_id, (as_of AT TIME ZONE 'UTC')::date, 0, count(*), sum(round(churn_risk::numeric, 9)), count(*) FILTER (WHERE churn_risk >= 0.6),
  coalesce(sum(revenue_at_risk), 0)
FROM customer_insight WHERE churn_risk IS NOT NULL GROUP BY 1, 2;

-- Insight that is there already gets the new column as it is computed anew.
INSERT INTO stale_customer (tenant_id, customer_id, since) SELECT tenant_id, customer_id, 'infinity' FROM customer_insight
ON CONFLICT (tenant_id, customer_id) DO NOTHING;
