-- Erases what travelled of customers, in the caller's transaction: payload and salt go, while ids, times and the chain of hashes stay. Also of
-- what is committed and not yet in the log. Only for the tenant that the connection is bound to.
CREATE FUNCTION app.erase_customer_entries(customer_ids uuid[]) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  tenant uuid := app.current_tenant();
  topics constant text[] := '{customer.seen,insight.changed}';
  customers text[] := customer_ids::text[];
  waiting integer;
  entered integer;
BEGIN
  IF tenant IS NULL THEN RAISE EXCEPTION 'erasing needs a tenant' USING ERRCODE = 'insufficient_privilege'; END IF;
  UPDATE public.outbox AS o SET payload = 'null' WHERE o.tenant_id = tenant AND o.payload <> 'null'
    AND o.type = ANY (topics) AND o.payload ->> 'customerId' = ANY (customers);
  GET DIAGNOSTICS waiting = ROW_COUNT;
  UPDATE public.event_log AS e SET payload = NULL, salt = NULL WHERE e.tenant_id = tenant AND e.payload IS NOT NULL
    AND e.type = ANY (topics) AND e.payload ->> 'customerId' = ANY (customers);
  GET DIAGNOSTICS entered = ROW_COUNT;
  RETURN waiting + entered;
END $$;
REVOKE EXECUTE ON FUNCTION app.erase_customer_entries(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.erase_customer_entries(uuid[]) TO quimbi_app, quimbi_system;
