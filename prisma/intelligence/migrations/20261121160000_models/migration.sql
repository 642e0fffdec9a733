-- What a tenant's own rhythm says churn is, when it is trained next, and what its models' features looked like.
ALTER TABLE "tenant_profile" ADD COLUMN     "measured_horizon_days" INTEGER,
ADD COLUMN     "retrain_due_at" TIMESTAMPTZ(3);

ALTER TABLE "model" ADD COLUMN     "spread" JSONB;

ALTER TABLE tenant_profile ADD CONSTRAINT tenant_profile_measured_horizon_days_check CHECK (measured_horizon_days BETWEEN 28 AND 365);
