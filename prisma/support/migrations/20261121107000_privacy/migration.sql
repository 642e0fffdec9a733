-- The audit trail is append-only to the application. Of a person who asked to be forgotten, values go; who did what, when, and to which
-- fields stays. Of the caller's tenant only; returns how many entries.
CREATE FUNCTION app.erase_audit(subject_ids text[]) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  tenant uuid := app.current_tenant();
  erased integer;
BEGIN
  IF tenant IS NULL THEN RAISE EXCEPTION 'erasing needs a tenant' USING ERRCODE = 'insufficient_privilege'; END IF;
  UPDATE public.audit_entry AS a SET changes = (
    SELECT jsonb_agg(jsonb_build_object('field', change -> 'field', 'from', NULL, 'to', NULL)) FROM jsonb_array_elements(a.changes) AS change)
  WHERE a.tenant_id = tenant AND a.subject_id = ANY (subject_ids) AND a.changes <> '[]';
  GET DIAGNOSTICS erased = ROW_COUNT;
  RETURN erased;
END $$;
REVOKE EXECUTE ON FUNCTION app.erase_audit(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.erase_audit(text[]) TO quimbi_app, quimbi_system;

-- What reports count of the log and names nobody: how SLA clocks ended, and that a ticket was opened again. By ids, states and
-- fixed words; what a rule or a model decided says why, and may quote.
CREATE FUNCTION app.is_counted(type text, payload jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT NOT payload ? 'decisionId' AND (type IN ('SLA_ACHIEVED', 'SLA_BREACHED')
    OR (type = 'STATUS_CHANGED' AND payload -> 'changes' @> '[{"field": "status", "from": "CLOSED"}]')) $$;
GRANT EXECUTE ON FUNCTION app.is_counted(text, jsonb) TO quimbi_app, quimbi_system;

-- As before, but what is counted stays.
CREATE OR REPLACE FUNCTION app.erase_entries(ticket_ids uuid[], customer_ids uuid[]) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  tenant uuid := app.current_tenant();
  -- What travels of a customer and holds more than ids of ours.
  topics constant text[] := '{customer.saved,customer.seen}';
  customers text[] := customer_ids::text[];
  waiting integer;
  entered integer;
BEGIN
  IF tenant IS NULL THEN RAISE EXCEPTION 'erasing needs a tenant' USING ERRCODE = 'insufficient_privilege'; END IF;
  UPDATE public.outbox AS o SET payload = 'null' WHERE o.tenant_id = tenant AND o.payload <> 'null'
    AND ((o.ticket_id = ANY (ticket_ids) AND NOT app.is_counted(o.type, o.payload))
      OR (o.type = ANY (topics) AND o.payload ->> 'customerId' = ANY (customers)));
  GET DIAGNOSTICS waiting = ROW_COUNT;
  UPDATE public.event_log AS e SET payload = NULL, salt = NULL WHERE e.tenant_id = tenant AND e.payload IS NOT NULL
    AND ((e.ticket_id = ANY (ticket_ids) AND NOT app.is_counted(e.type, e.payload))
      OR (e.type = ANY (topics) AND e.payload ->> 'customerId' = ANY (customers)));
  GET DIAGNOSTICS entered = ROW_COUNT;
  RETURN waiting + entered;
END $$;
