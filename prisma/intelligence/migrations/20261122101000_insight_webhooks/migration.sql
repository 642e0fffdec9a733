-- Webhooks of insight: whom to tell, what is on its way, and what adds up until it is told.
CREATE TABLE "insight_webhook" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key_id" UUID,
    "url" TEXT NOT NULL,
    "metrics" TEXT[],
    "min_change" DOUBLE PRECISION NOT NULL,
    "is_active" BOOLEAN NOT NULL,
    "secret" TEXT NOT NULL,
    "previous_secret" TEXT,
    "rotated_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "disabled_reason" TEXT,
    "starts_after" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "insight_webhook_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "insight_webhook_delivery" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "webhook_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "place" BIGINT NOT NULL,
    "body" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "status_code" INTEGER,
    "last_error" TEXT,
    "next_attempt_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "insight_webhook_delivery_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "insight_webhook_sum" (
    "tenant_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "webhook_id" UUID NOT NULL,
    "metric" TEXT NOT NULL,
    "began" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "insight_webhook_sum_pkey" PRIMARY KEY ("tenant_id","customer_id","webhook_id","metric")
);

CREATE INDEX "insight_webhook_due_at_idx" ON "insight_webhook"("due_at") WHERE "due_at" IS NOT NULL;

CREATE INDEX "insight_webhook_delivery_tenant_id_webhook_id_place_id_idx" ON "insight_webhook_delivery"("tenant_id", "webhook_id", "place" DESC, "id");

CREATE INDEX "insight_webhook_delivery_tenant_id_customer_id_idx" ON "insight_webhook_delivery"("tenant_id", "customer_id");

CREATE INDEX "insight_webhook_delivery_created_at_idx" ON "insight_webhook_delivery"("created_at");

-- What comes first of an endpoint's queue, past thirty days of what has arrived.
CREATE INDEX "insight_webhook_delivery_pending" ON "insight_webhook_delivery"("tenant_id", "webhook_id", "place", "id") WHERE "next_attempt_at" IS NOT NULL;

ALTER TABLE "insight_webhook" ADD CONSTRAINT "insight_webhook_tenant_id_key_id_fkey" FOREIGN KEY ("tenant_id", "key_id") REFERENCES "api_key"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "insight_webhook_delivery" ADD CONSTRAINT "insight_webhook_delivery_tenant_id_webhook_id_fkey" FOREIGN KEY ("tenant_id", "webhook_id") REFERENCES "insight_webhook"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "insight_webhook_sum" ADD CONSTRAINT "insight_webhook_sum_tenant_id_webhook_id_fkey" FOREIGN KEY ("tenant_id", "webhook_id") REFERENCES "insight_webhook"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "insight_webhook_sum" ADD CONSTRAINT "insight_webhook_sum_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE insight_webhook ADD CONSTRAINT insight_webhook_metrics CHECK (cardinality(metrics) > 0 AND metrics <@ '{CHURN_RISK,LTV_12M,ENGAGEMENT}');
ALTER TABLE insight_webhook ADD CONSTRAINT insight_webhook_min_change CHECK (min_change BETWEEN 0 AND 1);
ALTER TABLE insight_webhook_sum ADD CONSTRAINT insight_webhook_sum_metric CHECK (metric IN ('CHURN_RISK', 'LTV_12M', 'ENGAGEMENT'));

CALL app.protect('insight_webhook');
CALL app.protect('insight_webhook_delivery');
CALL app.protect('insight_webhook_sum');
