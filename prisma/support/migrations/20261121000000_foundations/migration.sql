-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "is_demo" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT,
    "email" TEXT,
    "phone" TEXT,
    "locale" TEXT,
    "time_zone" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "is_vip" BOOLEAN NOT NULL DEFAULT false,
    "last_contact_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL
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
CREATE TABLE "agent" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'OFFLINE',
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "accepts_new_tickets" BOOLEAN NOT NULL DEFAULT true,
    "capacity" INTEGER NOT NULL DEFAULT 25,
    "skills" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL
);

-- CreateTable
CREATE TABLE "agent_session" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "agent_session_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "ticket_counter" (
    "tenant_id" UUID NOT NULL,
    "last_number" INTEGER NOT NULL,

    CONSTRAINT "ticket_counter_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "ticket" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'OPEN',
    "waiting_on" TEXT,
    "priority" TEXT NOT NULL DEFAULT 'NORMAL',
    "channel" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "assignee_id" UUID,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "external_source" TEXT,
    "external_id" TEXT,
    "is_demo" BOOLEAN NOT NULL DEFAULT false,
    "rank" DOUBLE PRECISION NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3)
);

-- CreateTable
CREATE TABLE "message" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "from_agent" BOOLEAN NOT NULL,
    "author_agent_id" UUID,
    "author_name" TEXT NOT NULL,
    "author_email" TEXT,
    "content" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "idempotency_record" (
    "tenant_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "result_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("tenant_id","operation","key")
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
CREATE UNIQUE INDEX "tenant_slug_key" ON "tenant"("slug");

-- CreateIndex
CREATE INDEX "customer_tenant_id_email_idx" ON "customer"("tenant_id", "email");

-- CreateIndex
CREATE INDEX "customer_tenant_id_created_at_id_idx" ON "customer"("tenant_id", "created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "customer_ref_tenant_id_customer_id_idx" ON "customer_ref"("tenant_id", "customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "agent_tenant_id_email_key" ON "agent"("tenant_id", "email");

-- CreateIndex
CREATE INDEX "agent_session_tenant_id_agent_id_idx" ON "agent_session"("tenant_id", "agent_id");

-- CreateIndex
CREATE INDEX "agent_session_expires_at_idx" ON "agent_session"("expires_at");

-- CreateIndex
CREATE INDEX "ticket_tenant_id_status_rank_id_idx" ON "ticket"("tenant_id", "status", "rank" DESC, "id");

-- CreateIndex
CREATE INDEX "ticket_tenant_id_assignee_id_status_rank_id_idx" ON "ticket"("tenant_id", "assignee_id", "status", "rank" DESC, "id");

-- CreateIndex
CREATE INDEX "ticket_tenant_id_customer_id_created_at_id_idx" ON "ticket"("tenant_id", "customer_id", "created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "ticket_tenant_id_created_at_id_idx" ON "ticket"("tenant_id", "created_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "ticket_tenant_id_number_key" ON "ticket"("tenant_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "ticket_tenant_id_external_source_external_id_key" ON "ticket"("tenant_id", "external_source", "external_id");

-- CreateIndex
CREATE INDEX "message_tenant_id_ticket_id_created_at_id_idx" ON "message"("tenant_id", "ticket_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "idempotency_record_created_at_idx" ON "idempotency_record"("created_at");

-- CreateIndex
CREATE INDEX "outbox_id_idx" ON "outbox"("id");

-- CreateIndex
CREATE UNIQUE INDEX "event_log_position_key" ON "event_log"("position");

-- Primary keys that foreign keys refer to come after the other indexes. On a table without statistics the planner takes the
-- newest of indexes that cost the same, and the check of a foreign key would read a tenant's whole index for each row.
ALTER TABLE "customer" ADD CONSTRAINT "customer_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "agent" ADD CONSTRAINT "agent_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_pkey" PRIMARY KEY ("tenant_id","id");

-- AddForeignKey
ALTER TABLE "customer_ref" ADD CONSTRAINT "customer_ref_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_session" ADD CONSTRAINT "agent_session_tenant_id_agent_id_fkey" FOREIGN KEY ("tenant_id", "agent_id") REFERENCES "agent"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_tenant_id_assignee_id_fkey" FOREIGN KEY ("tenant_id", "assignee_id") REFERENCES "agent"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_tenant_id_ticket_id_fkey" FOREIGN KEY ("tenant_id", "ticket_id") REFERENCES "ticket"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_tenant_id_author_agent_id_fkey" FOREIGN KEY ("tenant_id", "author_agent_id") REFERENCES "agent"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Statuses are text with a check, never an enum: enum operators are not leakproof, so under row-level security they use no index.
ALTER TABLE agent
  ADD CONSTRAINT agent_role CHECK (role IN ('AGENT', 'SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN')),
  ADD CONSTRAINT agent_status CHECK (status IN ('ONLINE', 'BUSY', 'AWAY', 'OFFLINE')),
  ADD CONSTRAINT agent_capacity CHECK (capacity >= 0);
ALTER TABLE ticket
  ADD CONSTRAINT ticket_status CHECK (status IN ('OPEN', 'PENDING', 'CLOSED')),
  ADD CONSTRAINT ticket_waiting_on CHECK ((status = 'PENDING') = (waiting_on IS NOT NULL) AND waiting_on IN ('CUSTOMER', 'THIRD_PARTY', 'SNOOZE')),
  ADD CONSTRAINT ticket_priority CHECK (priority IN ('URGENT', 'HIGH', 'NORMAL', 'LOW')),
  ADD CONSTRAINT ticket_channel CHECK (channel IN ('EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM')),
  ADD CONSTRAINT ticket_closed_at CHECK ((status = 'CLOSED') = (closed_at IS NOT NULL));

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

CALL app.protect('tenant', 'id');
CALL app.protect('customer');
CALL app.protect('customer_ref');
CALL app.protect('agent');
CALL app.protect('agent_session');
CALL app.protect('ticket_counter');
CALL app.protect('ticket');
CALL app.protect('message');
CALL app.protect('idempotency_record');
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

-- Before a tenant is known: what a login needs, and nothing else.
CREATE FUNCTION app.find_login(tenant_slug text, agent_email text)
RETURNS TABLE (tenant_id uuid, agent_id uuid, password_hash text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT a.tenant_id, a.id, a.password_hash FROM public.tenant t JOIN public.agent a ON a.tenant_id = t.id
  WHERE t.slug = tenant_slug AND a.email = agent_email AND a.is_active
$$;
REVOKE EXECUTE ON FUNCTION app.find_login(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_login(text, text) TO quimbi_app;

-- Tenants are made by the system, not by an agent.
REVOKE INSERT, DELETE ON tenant FROM quimbi_app;
