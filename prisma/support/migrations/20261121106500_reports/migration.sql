-- Reports count these three kinds of events by time. Partial: the others, most of the log, do not pay for it.
CREATE INDEX event_log_report_idx ON event_log (tenant_id, type, occurred_at) WHERE type IN ('STATUS_CHANGED', 'SLA_ACHIEVED', 'SLA_BREACHED');
