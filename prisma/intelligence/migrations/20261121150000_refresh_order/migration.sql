-- Each tenant's own marks in the order of their age: one tenant's million must not stand before another's one.
DROP INDEX "stale_customer_since_idx";

CREATE INDEX "stale_customer_tenant_id_since_customer_id_idx" ON "stale_customer"("tenant_id", "since", "customer_id");
