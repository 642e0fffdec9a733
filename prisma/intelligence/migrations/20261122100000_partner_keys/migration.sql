-- What a partner's key may ask a minute, when it was last used and by which key it was replaced; and what each key read.
ALTER TABLE "api_key"
    ADD COLUMN "requests_per_minute" INTEGER NOT NULL DEFAULT 1000,
    ADD COLUMN "last_used_at" TIMESTAMPTZ(3),
    ADD COLUMN "replaced_by_id" UUID;

CREATE TABLE "api_key_read" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "request_id" TEXT NOT NULL,
    "operation_name" TEXT,
    "fields" TEXT[],
    "customer_ids" UUID[],
    "customers" INTEGER NOT NULL,
    "cost" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,

    CONSTRAINT "api_key_read_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE INDEX "api_key_read_tenant_id_key_id_at_id_idx" ON "api_key_read"("tenant_id", "key_id", "at" DESC, "id" DESC);

-- For the erasure of a person alone, by a function that sees past row-level security.
CREATE INDEX "api_key_read_customer_ids_idx" ON "api_key_read" USING GIN ("customer_ids");

ALTER TABLE api_key ADD CONSTRAINT api_key_requests_check CHECK (requests_per_minute BETWEEN 1 AND 100000);
ALTER TABLE api_key_read
  ADD CONSTRAINT api_key_read_outcome_check CHECK (outcome IN ('OK', 'REFUSED', 'FAILED')),
  ADD CONSTRAINT api_key_read_counts_check CHECK (customers >= 0 AND cost >= 0),
  ADD CONSTRAINT api_key_read_customers_check CHECK (cardinality(customer_ids) <= 100);

CALL app.protect('api_key_read');
-- What was read stays read: only maintenance deletes, and only a person's erasure changes.
REVOKE UPDATE, DELETE ON api_key_read FROM quimbi_app;

-- As before, with what the key may ask and when it ends by itself: whoever keeps the answer for a moment must know that.
DROP FUNCTION app.find_api_key(bytea, timestamptz);
CREATE FUNCTION app.find_api_key(key_hash bytea, at timestamptz)
RETURNS TABLE (tenant_id uuid, id uuid, scopes text[], requests_per_minute integer, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.tenant_id, k.id, k.scopes, k.requests_per_minute, k.expires_at FROM public.api_key k
  WHERE k.hash = key_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > at)
$$;
REVOKE EXECUTE ON FUNCTION app.find_api_key(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_api_key(bytea, timestamptz) TO quimbi_app;

-- Writes what keys of the caller's tenant read; what is there already stays. An erasure that is under way is waited for, and then those who are gone
-- are not named: the insert is a statement of its own, with a snapshot taken after the wait.
CREATE FUNCTION app.note_key_reads(reads jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE tenant uuid := app.current_tenant();
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('key-reads:' || tenant, 0));
  INSERT INTO public.api_key_read (tenant_id, id, key_id, at, request_id, operation_name, fields, customer_ids, customers, cost, outcome)
  SELECT tenant, r.id, r."keyId", r.at, r."requestId", r."operationName", r.fields,
    ARRAY(SELECT c.id FROM public.customer c WHERE c.tenant_id = tenant AND c.id = ANY (r."customerIds")), r.customers, r.cost, r.outcome
  FROM jsonb_to_recordset(reads) AS r (id uuid, "keyId" uuid, at timestamptz, "requestId" text, "operationName" text, fields text[],
    "customerIds" uuid[], customers integer, cost integer, outcome text)
  ON CONFLICT DO NOTHING;
END $$;
REVOKE EXECUTE ON FUNCTION app.note_key_reads(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.note_key_reads(jsonb) TO quimbi_app;

-- Takes persons of the caller's tenant out of what was read, in the transaction that erases them; how many they were stays.
CREATE FUNCTION app.forget_key_reads(erased uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE tenant uuid := app.current_tenant();
BEGIN
  IF tenant IS NULL THEN RAISE EXCEPTION 'erasing needs a tenant' USING ERRCODE = 'insufficient_privilege'; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('key-reads:' || tenant, 0));
  UPDATE public.api_key_read AS r SET customer_ids = ARRAY(SELECT one FROM unnest(r.customer_ids) AS one WHERE one <> ALL (erased))
  WHERE r.tenant_id = tenant AND r.customer_ids && erased;
END $$;
REVOKE EXECUTE ON FUNCTION app.forget_key_reads(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.forget_key_reads(uuid[]) TO quimbi_app, quimbi_system;
