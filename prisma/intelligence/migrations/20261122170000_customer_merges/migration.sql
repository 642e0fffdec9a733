-- Who an id that was merged away is now: who still sends by it means the customer that goes on.
CREATE TABLE "customer_merge" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,

    CONSTRAINT "customer_merge_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE INDEX "customer_merge_tenant_id_customer_id_idx" ON "customer_merge"("tenant_id", "customer_id");

ALTER TABLE "customer_merge" ADD CONSTRAINT "customer_merge_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

CALL app.protect('customer_merge');
