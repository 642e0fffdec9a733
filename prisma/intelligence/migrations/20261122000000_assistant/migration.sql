-- Drafted replies, what became of advice, and what writing costs.
CREATE TABLE "draft" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "ticket_id" UUID,
    "customer_id" UUID,
    "key" BYTEA NOT NULL,
    "context" JSONB,
    "intent" TEXT,
    "content" TEXT NOT NULL,
    "tone" TEXT NOT NULL,
    "length" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "citations" JSONB NOT NULL,
    "personalization" TEXT[],
    "reasoning" TEXT NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "based_on" TEXT NOT NULL,
    "basis" JSONB NOT NULL,
    "generator" TEXT NOT NULL,
    "generated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "draft_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "action_outcome" (
    "tenant_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "customer_id" UUID,
    "ticket_id" UUID,
    "outcome" TEXT NOT NULL,
    "value" DOUBLE PRECISION,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "action_outcome_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "generation_usage" (
    "tenant_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "generator" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "calls" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_micros" BIGINT NOT NULL,

    CONSTRAINT "generation_usage_pkey" PRIMARY KEY ("tenant_id","day","generator","purpose")
);

CREATE INDEX "draft_tenant_id_ticket_id_generated_at_id_idx" ON "draft"("tenant_id", "ticket_id", "generated_at" DESC, "id");

CREATE INDEX "draft_tenant_id_customer_id_idx" ON "draft"("tenant_id", "customer_id");

CREATE INDEX "draft_generated_at_idx" ON "draft"("generated_at");

CREATE INDEX "action_outcome_tenant_id_kind_at_idx" ON "action_outcome"("tenant_id", "kind", "at");

CREATE INDEX "action_outcome_tenant_id_customer_id_idx" ON "action_outcome"("tenant_id", "customer_id");

ALTER TABLE draft ADD CONSTRAINT draft_channel_check CHECK (channel IN ('EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM'));
ALTER TABLE draft ADD CONSTRAINT draft_tone_check CHECK (tone IN ('PROFESSIONAL', 'EMPATHETIC', 'FRIENDLY', 'CONCISE', 'CASUAL', 'CONVERSATIONAL'));
ALTER TABLE draft ADD CONSTRAINT draft_length_check CHECK (length IN ('SHORT', 'MEDIUM', 'LONG'));
ALTER TABLE draft ADD CONSTRAINT draft_confidence_check CHECK (confidence BETWEEN 0 AND 1);
ALTER TABLE draft ADD CONSTRAINT draft_key_check CHECK (octet_length(key) = 32);

CALL app.protect('draft');
CALL app.protect('action_outcome');
CALL app.protect('generation_usage');
-- For daysSinceLastPurchaseAtMost: app.insight_conditions as before, with lastOrderAfter.
CREATE OR REPLACE FUNCTION app.insight_conditions(tenant uuid, filter jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE
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
  IF filter ? 'lastOrderAfter' THEN conditions := conditions || format(' AND last_order_at > %L::timestamptz', filter ->> 'lastOrderAfter'); END IF;
  IF filter ? 'lifecycle' THEN
    conditions := conditions || format(' AND lifecycle = ANY (%L::text[])', ARRAY(SELECT jsonb_array_elements_text(filter -> 'lifecycle')));
  END IF;
  RETURN conditions;
END $$;
REVOKE EXECUTE ON FUNCTION app.insight_conditions(uuid, jsonb) FROM PUBLIC;
