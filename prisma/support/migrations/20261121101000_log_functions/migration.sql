-- Erases what the log says of tickets and customers, of the caller's tenant only: payload and salt go, ids, times and hashes stay, and the
-- chain still holds. Returns how many entries. The outbox first: whoever moves one of its rows into the log holds that row until the
-- move is committed, and the second statement then sees the entry; a row erased here gets into the log as an erased entry.
CREATE FUNCTION app.erase_entries(ticket_ids uuid[], customer_ids uuid[]) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
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
    AND (o.ticket_id = ANY (ticket_ids) OR (o.type = ANY (topics) AND o.payload ->> 'customerId' = ANY (customers)));
  GET DIAGNOSTICS waiting = ROW_COUNT;
  UPDATE public.event_log AS e SET payload = NULL, salt = NULL WHERE e.tenant_id = tenant AND e.payload IS NOT NULL
    AND (e.ticket_id = ANY (ticket_ids) OR (e.type = ANY (topics) AND e.payload ->> 'customerId' = ANY (customers)));
  GET DIAGNOSTICS entered = ROW_COUNT;
  RETURN waiting + entered;
END $$;
REVOKE EXECUTE ON FUNCTION app.erase_entries(uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.erase_entries(uuid[], uuid[]) TO quimbi_app, quimbi_system;
