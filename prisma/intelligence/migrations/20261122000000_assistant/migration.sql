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
