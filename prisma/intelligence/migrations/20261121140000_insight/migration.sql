-- What happens beside orders, what the models think, and the models themselves.
ALTER TABLE "customer" ADD COLUMN     "attributes" JSONB,
ADD COLUMN     "country_code" TEXT,
ADD COLUMN     "first_seen_at" TIMESTAMPTZ(3);

ALTER TABLE "tenant_profile" ADD COLUMN     "churn_horizon_days" INTEGER,
ADD COLUMN     "models_version" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "retrain_schedule" TEXT;

CREATE TABLE "interaction" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "sentiment" DOUBLE PRECISION,
    "resolved_hours" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "interaction_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "customer_event" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "name" TEXT NOT NULL,
    "properties" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_event_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "stale_customer" (
    "tenant_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stale_customer_pkey" PRIMARY KEY ("tenant_id","customer_id")
);

CREATE TABLE "customer_insight" (
    "tenant_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "models_version" INTEGER NOT NULL,
    "feature_version" TEXT NOT NULL,
    "orders" INTEGER NOT NULL,
    "events" INTEGER NOT NULL,
    "features" DOUBLE PRECISION[],
    "churn_risk" DOUBLE PRECISION,
    "ltv_12m" DECIMAL(18,2),
    "revenue_at_risk" DECIMAL(18,2),
    "lifecycle" TEXT,
    "engagement" DOUBLE PRECISION,
    "archetype_id" UUID,
    "segment_ids" UUID[],
    "last_order_at" TIMESTAMPTZ(3),
    "profile" JSONB NOT NULL,

    CONSTRAINT "customer_insight_pkey" PRIMARY KEY ("tenant_id","customer_id")
);

CREATE TABLE "insight_point" (
    "tenant_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "metric" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "insight_point_pkey" PRIMARY KEY ("tenant_id","customer_id","metric","day")
);

CREATE TABLE "model" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "traffic_share" DOUBLE PRECISION NOT NULL,
    "seed" INTEGER NOT NULL,
    "feature_version" TEXT NOT NULL,
    "trained_at" TIMESTAMPTZ(3) NOT NULL,
    "trained_on" INTEGER NOT NULL,
    "window_from" TIMESTAMPTZ(3) NOT NULL,
    "window_to" TIMESTAMPTZ(3) NOT NULL,
    "metrics" JSONB NOT NULL,
    "body" BYTEA NOT NULL,

    CONSTRAINT "model_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "job" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "input" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "job_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE INDEX "interaction_tenant_id_customer_id_at_id_idx" ON "interaction"("tenant_id", "customer_id", "at", "id");

CREATE INDEX "customer_event_tenant_id_customer_id_at_id_idx" ON "customer_event"("tenant_id", "customer_id", "at", "id");

CREATE INDEX "stale_customer_since_idx" ON "stale_customer"("since");

CREATE INDEX "customer_insight_tenant_id_revenue_at_risk_customer_id_idx" ON "customer_insight"("tenant_id", "revenue_at_risk" DESC, "customer_id");

CREATE INDEX "customer_insight_tenant_id_churn_risk_customer_id_idx" ON "customer_insight"("tenant_id", "churn_risk" DESC, "customer_id");

CREATE INDEX "customer_insight_tenant_id_ltv_12m_customer_id_idx" ON "customer_insight"("tenant_id", "ltv_12m" DESC, "customer_id");

CREATE INDEX "customer_insight_tenant_id_last_order_at_customer_id_idx" ON "customer_insight"("tenant_id", "last_order_at" DESC, "customer_id");

CREATE INDEX "customer_insight_tenant_id_archetype_id_revenue_at_risk_cus_idx" ON "customer_insight"("tenant_id", "archetype_id", "revenue_at_risk" DESC, "customer_id");

CREATE INDEX "insight_point_tenant_id_metric_day_idx" ON "insight_point"("tenant_id", "metric", "day");

CREATE INDEX "model_tenant_id_kind_trained_at_id_idx" ON "model"("tenant_id", "kind", "trained_at" DESC, "id");

CREATE INDEX "job_tenant_id_created_at_id_idx" ON "job"("tenant_id", "created_at" DESC, "id");

ALTER TABLE "interaction" ADD CONSTRAINT "interaction_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "customer_event" ADD CONSTRAINT "customer_event_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "stale_customer" ADD CONSTRAINT "stale_customer_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "customer_insight" ADD CONSTRAINT "customer_insight_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "insight_point" ADD CONSTRAINT "insight_point_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE interaction ADD CONSTRAINT interaction_channel_check CHECK (channel IN ('EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM'));
ALTER TABLE interaction ADD CONSTRAINT interaction_kind_check CHECK (kind IN ('SUPPORT_TICKET', 'MESSAGE', 'REVIEW', 'SURVEY', 'EMAIL_OPEN', 'EMAIL_CLICK'));
ALTER TABLE interaction ADD CONSTRAINT interaction_sentiment_check CHECK (sentiment BETWEEN 0 AND 1);
ALTER TABLE interaction ADD CONSTRAINT interaction_resolved_hours_check CHECK (resolved_hours >= 0);
ALTER TABLE customer_insight ADD CONSTRAINT customer_insight_status_check CHECK (status IN ('READY', 'INSUFFICIENT_DATA'));
ALTER TABLE customer_insight ADD CONSTRAINT customer_insight_churn_risk_check CHECK (churn_risk BETWEEN 0 AND 1);
ALTER TABLE customer_insight ADD CONSTRAINT customer_insight_lifecycle_check CHECK (lifecycle IN ('NEW', 'ACTIVE', 'LOYAL', 'AT_RISK', 'LAPSED', 'WON_BACK'));
ALTER TABLE insight_point ADD CONSTRAINT insight_point_metric_check CHECK (metric IN ('CHURN_RISK', 'LTV_12M', 'ENGAGEMENT'));
ALTER TABLE model ADD CONSTRAINT model_kind_check CHECK (kind IN ('CHURN', 'LTV', 'SEGMENTATION', 'REPURCHASE', 'ENGAGEMENT', 'TRIAGE'));
ALTER TABLE model ADD CONSTRAINT model_role_check CHECK (role IN ('CHAMPION', 'CHALLENGER', 'RETIRED'));
ALTER TABLE model ADD CONSTRAINT model_traffic_share_check CHECK (traffic_share BETWEEN 0 AND 1);
ALTER TABLE job ADD CONSTRAINT job_status_check CHECK (status IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED'));
ALTER TABLE job ADD CONSTRAINT job_progress_check CHECK (progress BETWEEN 0 AND 1);
ALTER TABLE tenant_profile ADD CONSTRAINT tenant_profile_churn_horizon_days_check CHECK (churn_horizon_days BETWEEN 28 AND 365);

-- One champion a kind.
CREATE UNIQUE INDEX model_champion_key ON model (tenant_id, kind) WHERE role = 'CHAMPION';

CALL app.protect('interaction');
CALL app.protect('customer_event');
CALL app.protect('stale_customer');
CALL app.protect('customer_insight');
CALL app.protect('insight_point');
CALL app.protect('model');
CALL app.protect('job');
