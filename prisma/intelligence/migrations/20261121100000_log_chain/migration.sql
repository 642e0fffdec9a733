-- The log becomes a hash chain, as Support's: one sequencer writes both.
ALTER TABLE "outbox" ADD COLUMN     "salt" BYTEA NOT NULL DEFAULT uuid_send(gen_random_uuid()),
ADD COLUMN     "ticket_id" UUID;

CREATE TABLE "log_checkpoint" (
    "tenant_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "key_id" TEXT NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "log_checkpoint_pkey" PRIMARY KEY ("tenant_id","sequence")
);

CALL app.protect('log_checkpoint');

-- The hash chain. An entry's digest covers its salted payload, its hash the entry before, its ids, type, time and digest: what was
-- written cannot be changed, reordered or left out unseen, and a payload can be erased with its salt while the chain still holds.
CREATE FUNCTION app.log_digest(salt bytea, payload jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.sha256(salt || pg_catalog.convert_to(payload::text, 'UTF8')) $$;
CREATE FUNCTION app.log_entry(tenant_id uuid, sequence bigint, event_id uuid, type text, occurred_at timestamptz, ticket_id uuid, digest bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT convert_to(tenant_id::text || '|' || sequence::text || '|' || event_id::text || '|' || type || '|'
    || ((extract(epoch FROM occurred_at) * 1000)::bigint)::text || '|' || coalesce(ticket_id::text, '') || '|' || encode(digest, 'hex'), 'UTF8') $$;
CREATE FUNCTION app.log_genesis(tenant_id uuid) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(tenant_id::text, 'UTF8')) $$;
-- Over a tenant's entries in order: `start` is the hash before the first of them. In PL/pgSQL: 2 µs a step, in SQL 3.5.
CREATE FUNCTION app.chain_step(state bytea, start bytea, entry bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN RETURN pg_catalog.sha256(coalesce(state, start) || entry); END $$;
CREATE AGGREGATE app.chain(start bytea, entry bytea) (SFUNC = app.chain_step, STYPE = bytea);
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO quimbi_system;
GRANT EXECUTE ON FUNCTION app.log_digest(bytea, jsonb), app.log_entry(uuid, bigint, uuid, text, timestamptz, uuid, bytea),
  app.log_genesis(uuid), app.chain_step(bytea, bytea, bytea), app.chain(bytea, bytea) TO quimbi_app;

-- The entries that are there already get their place in the chain.
ALTER TABLE event_log ADD COLUMN digest bytea, ADD COLUMN hash bytea, ADD COLUMN salt bytea, ADD COLUMN ticket_id uuid,
  ALTER COLUMN payload DROP NOT NULL;
UPDATE event_log SET salt = uuid_send(gen_random_uuid());
UPDATE event_log SET digest = app.log_digest(salt, payload);
UPDATE event_log AS e SET hash = chained.hash FROM (
  SELECT tenant_id, sequence,
    app.chain(app.log_genesis(tenant_id), app.log_entry(tenant_id, sequence, event_id, type, occurred_at, ticket_id, digest))
      OVER (PARTITION BY tenant_id ORDER BY sequence) AS hash
  FROM event_log) AS chained
WHERE e.tenant_id = chained.tenant_id AND e.sequence = chained.sequence;
ALTER TABLE event_log ALTER COLUMN digest SET NOT NULL, ALTER COLUMN hash SET NOT NULL;
CREATE INDEX "event_log_tenant_id_ticket_id_sequence_idx" ON "event_log"("tenant_id", "ticket_id", "sequence");
CREATE INDEX "event_log_tenant_id_type_sequence_idx" ON "event_log"("tenant_id", "type", "sequence");
CREATE UNIQUE INDEX "event_log_tenant_id_event_id_key" ON "event_log"("tenant_id", "event_id");

-- Only the system appends, signs checkpoints, and erases.
REVOKE INSERT, UPDATE, DELETE ON log_checkpoint FROM quimbi_app;
