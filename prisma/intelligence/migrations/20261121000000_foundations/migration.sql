-- CreateTable
CREATE TABLE "tenant_profile" (
    "tenant_id" UUID NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "announced" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "tenant_profile_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "customer" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL
);

-- CreateTable
CREATE TABLE "customer_ref" (
    "tenant_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,

    CONSTRAINT "customer_ref_pkey" PRIMARY KEY ("tenant_id","source","external_id")
);

-- CreateTable
CREATE TABLE "customer_order" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "total" DECIMAL(18,4) NOT NULL,
    "discount" DECIMAL(18,4),
    "refunded" DECIMAL(18,4),
    "fingerprint" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL
);

-- CreateTable
CREATE TABLE "order_item" (
    "tenant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "category" TEXT,
    "quantity" INTEGER NOT NULL,
    "unit_price" DECIMAL(18,4) NOT NULL,
    "discounted" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "order_item_pkey" PRIMARY KEY ("tenant_id","order_id","line")
);

-- CreateTable
CREATE TABLE "shipment" (
    "tenant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "carrier" TEXT,
    "tracking_number" TEXT,
    "status" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "shipment_pkey" PRIMARY KEY ("tenant_id","order_id","line")
);

-- CreateTable
CREATE TABLE "revoked_session" (
    "tenant_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "revoked_session_pkey" PRIMARY KEY ("tenant_id","session_id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "tenant_id" UUID NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "event_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "type" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "payload" JSONB NOT NULL,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "event_log" (
    "tenant_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "position" BIGINT NOT NULL,
    "event_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "payload" JSONB NOT NULL,

    CONSTRAINT "event_log_pkey" PRIMARY KEY ("tenant_id","sequence")
);

-- CreateTable
CREATE TABLE "event_head" (
    "tenant_id" UUID NOT NULL,
    "last" BIGINT NOT NULL,

    CONSTRAINT "event_head_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "feed_cursor" (
    "tenant_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "position" BIGINT NOT NULL,

    CONSTRAINT "feed_cursor_pkey" PRIMARY KEY ("tenant_id","source")
);

-- CreateIndex
CREATE INDEX "customer_ref_tenant_id_customer_id_idx" ON "customer_ref"("tenant_id", "customer_id");

-- CreateIndex
CREATE INDEX "customer_order_tenant_id_customer_id_placed_at_id_idx" ON "customer_order"("tenant_id", "customer_id", "placed_at" DESC, "id");

-- CreateIndex
CREATE INDEX "revoked_session_expires_at_idx" ON "revoked_session"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "outbox_id_idx" ON "outbox"("id");

-- CreateIndex
CREATE UNIQUE INDEX "event_log_position_key" ON "event_log"("position");

-- Primary keys that foreign keys refer to come after the other indexes. On a table without statistics the planner takes the
-- newest of indexes that cost the same, and the check of a foreign key would read a tenant's whole index for each row.
ALTER TABLE "customer" ADD CONSTRAINT "customer_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "customer_order" ADD CONSTRAINT "customer_order_pkey" PRIMARY KEY ("tenant_id","id");

-- AddForeignKey
ALTER TABLE "customer_ref" ADD CONSTRAINT "customer_ref_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_order" ADD CONSTRAINT "customer_order_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_item" ADD CONSTRAINT "order_item_tenant_id_order_id_fkey" FOREIGN KEY ("tenant_id", "order_id") REFERENCES "customer_order"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shipment" ADD CONSTRAINT "shipment_tenant_id_order_id_fkey" FOREIGN KEY ("tenant_id", "order_id") REFERENCES "customer_order"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Statuses are text with a check, never an enum: enum operators are not leakproof, so under row-level security they use no index.
ALTER TABLE customer_order
  ADD CONSTRAINT customer_order_status CHECK (status IN ('PLACED', 'PAID', 'FULFILLED', 'DELIVERED', 'CANCELLED', 'RETURNED')),
  ADD CONSTRAINT customer_order_amounts CHECK (total >= 0 AND coalesce(discount, 0) >= 0 AND coalesce(refunded, 0) >= 0);
ALTER TABLE order_item
  ADD CONSTRAINT order_item_amounts CHECK (quantity > 0 AND unit_price >= 0);

-- Roles. Cluster-wide, so both databases, and test databases side by side, may create them at the same moment.
DO $$
BEGIN
  BEGIN CREATE ROLE quimbi_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  BEGIN CREATE ROLE quimbi_system NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  -- Who migrates may take both roles: connections take theirs at their first check-out.
  IF NOT pg_has_role(current_user, 'quimbi_app', 'SET') THEN GRANT quimbi_app TO current_user; END IF;
  IF NOT pg_has_role(current_user, 'quimbi_system', 'SET') THEN GRANT quimbi_system TO current_user; END IF;
END $$;

-- Functions that must see past row-level security live in `app`, each with a fixed search_path.
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO quimbi_app, quimbi_system;

-- Row-level security of one table: quimbi_app sees its tenant's rows, quimbi_system all. Every table that a later migration
-- adds calls this. The sub-select is evaluated once a statement, so index scans stay.
CREATE PROCEDURE app.protect(protected regclass, tenant_column text DEFAULT 'tenant_id') LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE own text := format('%I = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', tenant_column);
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', protected);
  EXECUTE format('CREATE POLICY tenant_isolation ON %s TO quimbi_app USING (%s) WITH CHECK (%s)', protected, own, own);
  EXECUTE format('CREATE POLICY all_tenants ON %s TO quimbi_system USING (true) WITH CHECK (true)', protected);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO quimbi_app, quimbi_system', protected);
END $$;

CALL app.protect('tenant_profile');
CALL app.protect('customer');
CALL app.protect('customer_ref');
CALL app.protect('customer_order');
CALL app.protect('order_item');
CALL app.protect('shipment');
CALL app.protect('revoked_session');
CALL app.protect('api_key');
CALL app.protect('outbox');
CALL app.protect('event_log');
CALL app.protect('event_head');
CALL app.protect('feed_cursor');

-- The nil tenant's row in event_head counts the whole database: an event of that tenant would stop the sequencer.
ALTER TABLE outbox ADD CONSTRAINT outbox_tenant CHECK (tenant_id <> '00000000-0000-0000-0000-000000000000');

-- The log is append-only to the application, and only the sequencer appends.
REVOKE INSERT, UPDATE, DELETE ON event_log, event_head, feed_cursor FROM quimbi_app;
REVOKE UPDATE, DELETE ON outbox FROM quimbi_app;
GRANT USAGE ON SEQUENCE outbox_id_seq TO quimbi_app, quimbi_system;

-- The caller's tenant, or null.
CREATE FUNCTION app.current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
GRANT EXECUTE ON FUNCTION app.current_tenant() TO quimbi_app, quimbi_system;

-- Enqueues a job in the caller's transaction. The job library's own function fails under row-level security; a job always
-- carries its tenant, and a key is the tenant's own: it cannot take the place of another tenant's job.
CREATE FUNCTION app.enqueue_job(task text, payload jsonb, job_key text DEFAULT NULL, run_at timestamptz DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE tenant uuid := app.current_tenant();
BEGIN
  IF tenant IS NULL THEN RAISE EXCEPTION 'a job needs a tenant' USING ERRCODE = 'insufficient_privilege'; END IF;
  PERFORM graphile_worker.add_job(task, (payload || jsonb_build_object('tenantId', tenant))::json, job_key => tenant || ':' || enqueue_job.job_key, run_at => enqueue_job.run_at);
END $$;
REVOKE EXECUTE ON FUNCTION app.enqueue_job(text, jsonb, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.enqueue_job(text, jsonb, text, timestamptz) TO quimbi_app, quimbi_system;

-- Before a tenant is known: whose key this is, if it is still good.
CREATE FUNCTION app.find_api_key(key_hash bytea, at timestamptz)
RETURNS TABLE (tenant_id uuid, id uuid, scopes text[]) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT k.tenant_id, k.id, k.scopes FROM public.api_key k
  WHERE k.hash = key_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > at)
$$;
REVOKE EXECUTE ON FUNCTION app.find_api_key(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_api_key(bytea, timestamptz) TO quimbi_app;
