-- Most tickets were never merged, are not closed and wait for no timer, and most messages are sent: such rows need no entry, and a change of
-- a ticket writes three index entries less. Every condition on these columns refuses null, so it still finds them.
DROP INDEX "ticket_tenant_id_merged_into_id_idx", "ticket_tenant_id_closed_at_idx", "ticket_next_timer_at_idx", "message_next_attempt_at_idx";
CREATE INDEX "ticket_tenant_id_merged_into_id_idx" ON "ticket"("tenant_id", "merged_into_id") WHERE "merged_into_id" IS NOT NULL;
CREATE INDEX "ticket_tenant_id_closed_at_idx" ON "ticket"("tenant_id", "closed_at") WHERE "closed_at" IS NOT NULL;
CREATE INDEX "ticket_next_timer_at_idx" ON "ticket"("next_timer_at") WHERE "next_timer_at" IS NOT NULL;
CREATE INDEX "message_next_attempt_at_idx" ON "message"("next_attempt_at") WHERE "next_attempt_at" IS NOT NULL;
