-- A first import comes before anybody has looked at the tables. Without statistics a look-up by (tenant_id, customer_id) may go through any index
-- that begins with the tenant, and a connection keeps that plan while the tenant grows. So whoever computes insight has tables looked at that came
-- to hold something and were never looked at; a megabyte, since of one page the planner would learn to read it whole. How many are still too small.
CREATE FUNCTION app.first_statistics() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  unknown regclass;
  small integer := 0;
BEGIN
  FOR unknown IN
    SELECT c.oid FROM pg_class c
    WHERE c.oid = ANY ('{customer,customer_order,order_item,interaction,customer_event,customer_insight,stale_customer}'::regclass[])
      AND NOT EXISTS (SELECT FROM pg_statistic s WHERE s.starelid = c.oid)
    ORDER BY c.oid
  LOOP
    IF pg_relation_size(unknown) < 1048576 THEN small := small + 1; ELSE EXECUTE format('ANALYZE %s', unknown); END IF;
  END LOOP;
  RETURN small;
END $$;

REVOKE EXECUTE ON FUNCTION app.first_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.first_statistics() TO quimbi_system;
