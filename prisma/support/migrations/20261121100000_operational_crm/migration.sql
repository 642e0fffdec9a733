-- The whole operational CRM: what Support keeps beyond the foundations.

-- Primary keys that foreign keys refer to are made after all other indexes, here again since these tables get more of them.
ALTER TABLE message DROP CONSTRAINT message_tenant_id_ticket_id_fkey;
ALTER TABLE ticket DROP CONSTRAINT ticket_tenant_id_customer_id_fkey;
ALTER TABLE customer_ref DROP CONSTRAINT customer_ref_tenant_id_customer_id_fkey;
ALTER TABLE message DROP CONSTRAINT message_pkey;
ALTER TABLE ticket DROP CONSTRAINT ticket_pkey;
ALTER TABLE customer DROP CONSTRAINT customer_pkey;

ALTER TABLE "agent" ADD COLUMN     "last_assigned_at" TIMESTAMPTZ(3);

ALTER TABLE "customer" ADD COLUMN     "archetype" TEXT,
ADD COLUMN     "churn_risk" DOUBLE PRECISION,
ADD COLUMN     "erased_at" TIMESTAMPTZ(3),
ADD COLUMN     "insight_at" TIMESTAMPTZ(3),
ADD COLUMN     "last_channel" TEXT,
ADD COLUMN     "lifetime_value" DECIMAL(14,2);

ALTER TABLE "message" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "author_system" JSONB,
ADD COLUMN     "channel" TEXT,
ADD COLUMN     "content_html" TEXT,
ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "delivery_status" TEXT,
ADD COLUMN     "draft_id" TEXT,
ADD COLUMN     "edited_at" TIMESTAMPTZ(3),
ADD COLUMN     "external_id" TEXT,
ADD COLUMN     "in_reply_to_id" UUID,
ADD COLUMN     "is_automatic" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "last_error" TEXT,
ADD COLUMN     "next_attempt_at" TIMESTAMPTZ(3),
ADD COLUMN     "recipient" TEXT,
ADD COLUMN     "sent_at" TIMESTAMPTZ(3),
ADD COLUMN     "undo_until" TIMESTAMPTZ(3);

ALTER TABLE "outbox" ADD COLUMN     "salt" BYTEA NOT NULL DEFAULT uuid_send(gen_random_uuid()),
ADD COLUMN     "ticket_id" UUID;

ALTER TABLE "tenant" ADD COLUMN     "ai_drafts" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "ai_recommendations" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "auto_triage" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "brand" TEXT,
ADD COLUMN     "clock_offset_seconds" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "config_version" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "demo_mode" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "event_retention_days" INTEGER NOT NULL DEFAULT 365,
ADD COLUMN     "locale" TEXT NOT NULL DEFAULT 'en',
ADD COLUMN     "message_retention_days" INTEGER,
ADD COLUMN     "reopen_window_days" INTEGER NOT NULL DEFAULT 14,
ADD COLUMN     "scoring_version" TEXT NOT NULL DEFAULT 'default',
ADD COLUMN     "scoring_weights" JSONB,
ADD COLUMN     "signature" TEXT,
ADD COLUMN     "undo_send_seconds" INTEGER NOT NULL DEFAULT 15,
ADD COLUMN     "vip_from_lifetime_value" DECIMAL(14,2);

ALTER TABLE "ticket" ADD COLUMN     "category" TEXT,
ADD COLUMN     "difficulty" DOUBLE PRECISION,
ADD COLUMN     "escalation" JSONB,
ADD COLUMN     "first_replied_at" TIMESTAMPTZ(3),
ADD COLUMN     "follow_up_at" TIMESTAMPTZ(3),
ADD COLUMN     "follow_up_note" TEXT,
ADD COLUMN     "intent" TEXT,
ADD COLUMN     "merged_into_id" UUID,
ADD COLUMN     "next_breach_at" TIMESTAMPTZ(3),
ADD COLUMN     "next_timer_at" TIMESTAMPTZ(3),
ADD COLUMN     "order_numbers" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "queue_id" UUID,
ADD COLUMN     "reopen_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "resolution" TEXT,
ADD COLUMN     "return_at" TIMESTAMPTZ(3),
ADD COLUMN     "return_to" JSONB,
ADD COLUMN     "revision" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "sentiment" DOUBLE PRECISION,
ADD COLUMN     "sla_status" TEXT,
ADD COLUMN     "snoozed_until" TIMESTAMPTZ(3),
ADD COLUMN     "state_since" TIMESTAMPTZ(3),
ADD COLUMN     "tag_origins" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "team_id" UUID,
ADD COLUMN     "waiting_since" TIMESTAMPTZ(3);

CREATE TABLE "customer_alias" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_alias_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "team" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "team_member" (
    "tenant_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("tenant_id","team_id","agent_id")
);

CREATE TABLE "queue" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "priority_order" INTEGER NOT NULL,
    "team_id" UUID,
    "skills" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "log_checkpoint" (
    "tenant_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "key_id" TEXT NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "log_checkpoint_pkey" PRIMARY KEY ("tenant_id","sequence")
);

CREATE TABLE "assignment" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "strategy" TEXT NOT NULL,
    "explanation" TEXT NOT NULL,
    "assigned_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "assignment_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "note" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "author" JSONB NOT NULL,
    "content" TEXT NOT NULL,
    "mention_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "note_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "attachment" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "file_name" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "byte_size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "uploaded_by" UUID,
    "uploaded_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "message_attachment" (
    "tenant_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "attachment_id" UUID NOT NULL,

    CONSTRAINT "message_attachment_pkey" PRIMARY KEY ("tenant_id","message_id","attachment_id")
);

CREATE TABLE "recipient_fuse" (
    "tenant_id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "sent" INTEGER NOT NULL,

    CONSTRAINT "recipient_fuse_pkey" PRIMARY KEY ("tenant_id","recipient","window_start")
);

CREATE TABLE "ticket_sla" (
    "tenant_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "history" JSONB NOT NULL,
    "clocks" JSONB NOT NULL,

    CONSTRAINT "ticket_sla_pkey" PRIMARY KEY ("tenant_id","ticket_id")
);

CREATE TABLE "sla_policy" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "order" INTEGER NOT NULL,
    "conditions" JSONB NOT NULL,
    "calendar_id" UUID,
    "targets" JSONB NOT NULL,
    "is_active" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sla_policy_pkey" PRIMARY KEY ("tenant_id","id","version")
);

CREATE TABLE "business_calendar" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "weekly" JSONB NOT NULL,
    "holidays" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "business_calendar_pkey" PRIMARY KEY ("tenant_id","id","version")
);

CREATE TABLE "decision" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "field" TEXT NOT NULL,
    "from_value" TEXT,
    "to_value" TEXT NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "evidence" TEXT[],
    "explanation" TEXT NOT NULL,
    "made_by" JSONB NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by" JSONB,

    CONSTRAINT "decision_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "action_item" (
    "tenant_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "completed_by" UUID,
    "outcome" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "action_item_pkey" PRIMARY KEY ("tenant_id","ticket_id","id")
);

CREATE TABLE "automation_rule" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "order" INTEGER NOT NULL,
    "is_active" BOOLEAN NOT NULL,
    "trigger" TEXT NOT NULL,
    "conditions" JSONB NOT NULL,
    "actions" JSONB NOT NULL,
    "fired_count" INTEGER NOT NULL DEFAULT 0,
    "last_fired_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "rule_firing" (
    "tenant_id" UUID NOT NULL,
    "rule_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "cause_id" UUID NOT NULL,
    "fired_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rule_firing_pkey" PRIMARY KEY ("tenant_id","rule_id","ticket_id","cause_id")
);

CREATE TABLE "topic_alert" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "keywords" TEXT[],
    "scope" TEXT NOT NULL,
    "team_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "created_by" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "topic_alert_match" (
    "tenant_id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "rank" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "topic_alert_match_pkey" PRIMARY KEY ("tenant_id","alert_id","ticket_id")
);

CREATE TABLE "webhook_endpoint" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "event_types" TEXT[],
    "is_active" BOOLEAN NOT NULL,
    "secret" TEXT NOT NULL,
    "previous_secret" TEXT,
    "rotated_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "disabled_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "webhook_delivery" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "status_code" INTEGER,
    "last_error" TEXT,
    "next_attempt_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "notification" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "ticket_id" UUID,
    "text" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "audit_entry" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" JSONB NOT NULL,
    "actor_id" UUID,
    "action" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "changes" JSONB NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "policy" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "max_compensation" DECIMAL(14,2),
    "max_discount_percent" DOUBLE PRECISION,
    "is_active" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "satisfaction" (
    "tenant_id" UUID NOT NULL,
    "ticket_id" UUID NOT NULL,
    "score" INTEGER NOT NULL,
    "comment" TEXT,
    "agent_id" UUID,
    "answered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "satisfaction_pkey" PRIMARY KEY ("tenant_id","ticket_id")
);

CREATE TABLE "draft_use" (
    "tenant_id" UUID NOT NULL,
    "draft_id" TEXT NOT NULL,
    "ticket_id" UUID,
    "agent_id" UUID,
    "intent" TEXT,
    "outcome" TEXT NOT NULL,
    "edit_distance" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "draft_use_pkey" PRIMARY KEY ("tenant_id","draft_id")
);

CREATE TABLE "data_export" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "requested_by" UUID NOT NULL,
    "content" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "data_export_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE INDEX "customer_alias_tenant_id_customer_id_idx" ON "customer_alias"("tenant_id", "customer_id");
CREATE UNIQUE INDEX "team_tenant_id_name_key" ON "team"("tenant_id", "name");
CREATE INDEX "team_member_tenant_id_agent_id_idx" ON "team_member"("tenant_id", "agent_id");
CREATE INDEX "queue_tenant_id_team_id_idx" ON "queue"("tenant_id", "team_id");
CREATE UNIQUE INDEX "queue_tenant_id_name_key" ON "queue"("tenant_id", "name");
CREATE INDEX "assignment_tenant_id_ticket_id_assigned_at_idx" ON "assignment"("tenant_id", "ticket_id", "assigned_at" DESC);
CREATE INDEX "assignment_tenant_id_agent_id_idx" ON "assignment"("tenant_id", "agent_id");
CREATE INDEX "note_tenant_id_ticket_id_created_at_id_idx" ON "note"("tenant_id", "ticket_id", "created_at", "id");
CREATE INDEX "attachment_tenant_id_sha256_idx" ON "attachment"("tenant_id", "sha256");
CREATE INDEX "attachment_created_at_idx" ON "attachment"("created_at");
CREATE INDEX "message_attachment_tenant_id_attachment_id_idx" ON "message_attachment"("tenant_id", "attachment_id");
CREATE INDEX "recipient_fuse_window_start_idx" ON "recipient_fuse"("window_start");
CREATE INDEX "decision_tenant_id_ticket_id_made_at_idx" ON "decision"("tenant_id", "ticket_id", "made_at" DESC);
CREATE INDEX "rule_firing_tenant_id_ticket_id_idx" ON "rule_firing"("tenant_id", "ticket_id");
CREATE INDEX "topic_alert_expires_at_idx" ON "topic_alert"("expires_at");
CREATE INDEX "topic_alert_match_tenant_id_alert_id_rank_ticket_id_idx" ON "topic_alert_match"("tenant_id", "alert_id", "rank" DESC, "ticket_id");
CREATE INDEX "topic_alert_match_tenant_id_ticket_id_idx" ON "topic_alert_match"("tenant_id", "ticket_id");
CREATE INDEX "webhook_delivery_tenant_id_endpoint_id_created_at_id_idx" ON "webhook_delivery"("tenant_id", "endpoint_id", "created_at" DESC, "id");
CREATE INDEX "webhook_delivery_next_attempt_at_idx" ON "webhook_delivery"("next_attempt_at");
CREATE UNIQUE INDEX "webhook_delivery_tenant_id_endpoint_id_event_id_key" ON "webhook_delivery"("tenant_id", "endpoint_id", "event_id");
CREATE INDEX "notification_tenant_id_agent_id_created_at_id_idx" ON "notification"("tenant_id", "agent_id", "created_at" DESC, "id");
CREATE INDEX "notification_tenant_id_agent_id_read_at_created_at_id_idx" ON "notification"("tenant_id", "agent_id", "read_at", "created_at" DESC, "id");
CREATE UNIQUE INDEX "notification_tenant_id_agent_id_event_id_kind_key" ON "notification"("tenant_id", "agent_id", "event_id", "kind");
CREATE INDEX "audit_entry_tenant_id_at_id_idx" ON "audit_entry"("tenant_id", "at" DESC, "id");
CREATE INDEX "audit_entry_tenant_id_subject_id_at_id_idx" ON "audit_entry"("tenant_id", "subject_id", "at" DESC, "id");
CREATE INDEX "audit_entry_tenant_id_actor_id_at_id_idx" ON "audit_entry"("tenant_id", "actor_id", "at" DESC, "id");
CREATE INDEX "audit_entry_tenant_id_action_at_id_idx" ON "audit_entry"("tenant_id", "action", "at" DESC, "id");
CREATE INDEX "satisfaction_tenant_id_answered_at_idx" ON "satisfaction"("tenant_id", "answered_at");
CREATE INDEX "draft_use_tenant_id_created_at_idx" ON "draft_use"("tenant_id", "created_at");
CREATE INDEX "data_export_expires_at_idx" ON "data_export"("expires_at");
CREATE INDEX "customer_tenant_id_phone_idx" ON "customer"("tenant_id", "phone");
CREATE INDEX "message_tenant_id_created_at_idx" ON "message"("tenant_id", "created_at");
CREATE INDEX "message_next_attempt_at_idx" ON "message"("next_attempt_at");
CREATE UNIQUE INDEX "message_tenant_id_channel_external_id_key" ON "message"("tenant_id", "channel", "external_id");
CREATE INDEX "ticket_tenant_id_queue_id_status_rank_id_idx" ON "ticket"("tenant_id", "queue_id", "status", "rank" DESC, "id");
CREATE INDEX "ticket_tenant_id_team_id_status_rank_id_idx" ON "ticket"("tenant_id", "team_id", "status", "rank" DESC, "id");
CREATE INDEX "ticket_tenant_id_merged_into_id_idx" ON "ticket"("tenant_id", "merged_into_id");
CREATE INDEX "ticket_tenant_id_closed_at_idx" ON "ticket"("tenant_id", "closed_at");
CREATE INDEX "ticket_next_timer_at_idx" ON "ticket"("next_timer_at");

ALTER TABLE "customer" ADD CONSTRAINT "customer_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "message" ADD CONSTRAINT "message_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "team" ADD CONSTRAINT "team_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "queue" ADD CONSTRAINT "queue_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "automation_rule" ADD CONSTRAINT "automation_rule_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "topic_alert" ADD CONSTRAINT "topic_alert_pkey" PRIMARY KEY ("tenant_id","id");
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("tenant_id","id");

ALTER TABLE "customer_ref" ADD CONSTRAINT "customer_ref_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "message" ADD CONSTRAINT "message_tenant_id_ticket_id_fkey" FOREIGN KEY ("tenant_id", "ticket_id") REFERENCES "ticket"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "customer_alias" ADD CONSTRAINT "customer_alias_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_tenant_id_team_id_fkey" FOREIGN KEY ("tenant_id", "team_id") REFERENCES "team"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_tenant_id_agent_id_fkey" FOREIGN KEY ("tenant_id", "agent_id") REFERENCES "agent"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "queue" ADD CONSTRAINT "queue_tenant_id_team_id_fkey" FOREIGN KEY ("tenant_id", "team_id") REFERENCES "team"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_tenant_id_team_id_fkey" FOREIGN KEY ("tenant_id", "team_id") REFERENCES "team"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_tenant_id_queue_id_fkey" FOREIGN KEY ("tenant_id", "queue_id") REFERENCES "queue"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_tenant_id_ticket_id_fkey" FOREIGN KEY ("tenant_id", "ticket_id") REFERENCES "ticket"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_tenant_id_agent_id_fkey" FOREIGN KEY ("tenant_id", "agent_id") REFERENCES "agent"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "note" ADD CONSTRAINT "note_tenant_id_ticket_id_fkey" FOREIGN KEY ("tenant_id", "ticket_id") REFERENCES "ticket"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "message_attachment" ADD CONSTRAINT "message_attachment_tenant_id_message_id_fkey" FOREIGN KEY ("tenant_id", "message_id") REFERENCES "message"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "message_attachment" ADD CONSTRAINT "message_attachment_tenant_id_attachment_id_fkey" FOREIGN KEY ("tenant_id", "attachment_id") REFERENCES "attachment"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ticket_sla" ADD CONSTRAINT "ticket_sla_tenant_id_ticket_id_fkey" FOREIGN KEY ("tenant_id", "ticket_id") REFERENCES "ticket"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "decision" ADD CONSTRAINT "decision_tenant_id_ticket_id_fkey" FOREIGN KEY ("tenant_id", "ticket_id") REFERENCES "ticket"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "action_item" ADD CONSTRAINT "action_item_tenant_id_ticket_id_fkey" FOREIGN KEY ("tenant_id", "ticket_id") REFERENCES "ticket"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "rule_firing" ADD CONSTRAINT "rule_firing_tenant_id_rule_id_fkey" FOREIGN KEY ("tenant_id", "rule_id") REFERENCES "automation_rule"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "topic_alert_match" ADD CONSTRAINT "topic_alert_match_tenant_id_alert_id_fkey" FOREIGN KEY ("tenant_id", "alert_id") REFERENCES "topic_alert"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "topic_alert_match" ADD CONSTRAINT "topic_alert_match_tenant_id_ticket_id_fkey" FOREIGN KEY ("tenant_id", "ticket_id") REFERENCES "ticket"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_tenant_id_endpoint_id_fkey" FOREIGN KEY ("tenant_id", "endpoint_id") REFERENCES "webhook_endpoint"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "satisfaction" ADD CONSTRAINT "satisfaction_tenant_id_ticket_id_fkey" FOREIGN KEY ("tenant_id", "ticket_id") REFERENCES "ticket"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE tenant
  ADD CONSTRAINT tenant_undo_send CHECK (undo_send_seconds BETWEEN 0 AND 3600),
  ADD CONSTRAINT tenant_reopen_window CHECK (reopen_window_days BETWEEN 0 AND 3650),
  ADD CONSTRAINT tenant_retention CHECK (event_retention_days BETWEEN 1 AND 36500 AND message_retention_days BETWEEN 1 AND 36500),
  ADD CONSTRAINT tenant_clock CHECK (clock_offset_seconds >= 0 AND (is_demo OR clock_offset_seconds = 0));
ALTER TABLE customer ADD CONSTRAINT customer_churn_risk CHECK (churn_risk BETWEEN 0 AND 1);
ALTER TABLE ticket
  ADD CONSTRAINT ticket_sla_status CHECK (sla_status IN ('PENDING', 'PAUSED', 'IMMINENT_BREACH', 'BREACHING', 'ACHIEVED', 'BREACHED', 'CANCELLED')),
  ADD CONSTRAINT ticket_shares CHECK (sentiment BETWEEN 0 AND 1 AND difficulty BETWEEN 0 AND 1);
ALTER TABLE message
  ADD CONSTRAINT message_channel CHECK (channel IN ('EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM')),
  ADD CONSTRAINT message_delivery_status CHECK (delivery_status IN ('QUEUED', 'HELD', 'SENDING', 'SENT', 'FAILED', 'RECALLED'));
ALTER TABLE attachment ADD CONSTRAINT attachment_size CHECK (byte_size > 0);
ALTER TABLE decision
  ADD CONSTRAINT decision_field CHECK (field IN ('PRIORITY', 'CATEGORY', 'TAG', 'STATUS', 'ASSIGNEE', 'QUEUE', 'SENTIMENT', 'DIFFICULTY', 'ESCALATION', 'FOLLOW_UP', 'MERGE')),
  ADD CONSTRAINT decision_confidence CHECK (confidence BETWEEN 0 AND 1);
ALTER TABLE automation_rule ADD CONSTRAINT automation_rule_trigger
  CHECK (trigger IN ('TICKET_CREATED', 'TICKET_UPDATED', 'MESSAGE_RECEIVED', 'SLA_WARNING', 'SLA_BREACHED', 'CHURN_RISK_ROSE', 'TIME_IN_STATE'));
ALTER TABLE topic_alert ADD CONSTRAINT topic_alert_scope CHECK (scope IN ('MINE', 'TEAM', 'TENANT'));
ALTER TABLE notification ADD CONSTRAINT notification_kind
  CHECK (kind IN ('MENTION', 'ASSIGNED', 'TRANSFERRED', 'SLA_WARNING', 'SLA_BREACHED', 'ESCALATION', 'FOLLOW_UP_DUE', 'RULE', 'DELIVERY_FAILED'));
ALTER TABLE policy ADD CONSTRAINT policy_kind CHECK (kind IN ('REFUND', 'RETURN', 'SHIPPING', 'COMPENSATION', 'DISCOUNT', 'TONE', 'OTHER'));
ALTER TABLE satisfaction ADD CONSTRAINT satisfaction_score CHECK (score BETWEEN 1 AND 5);
ALTER TABLE draft_use ADD CONSTRAINT draft_use_outcome CHECK (outcome IN ('SHOWN', 'INSERTED', 'SENT_UNCHANGED', 'SENT_EDITED', 'DISCARDED'));

CALL app.protect('customer_alias');
CALL app.protect('team');
CALL app.protect('team_member');
CALL app.protect('queue');
CALL app.protect('log_checkpoint');
CALL app.protect('assignment');
CALL app.protect('note');
CALL app.protect('attachment');
CALL app.protect('message_attachment');
CALL app.protect('recipient_fuse');
CALL app.protect('ticket_sla');
CALL app.protect('sla_policy');
CALL app.protect('business_calendar');
CALL app.protect('decision');
CALL app.protect('action_item');
CALL app.protect('automation_rule');
CALL app.protect('rule_firing');
CALL app.protect('topic_alert');
CALL app.protect('topic_alert_match');
CALL app.protect('webhook_endpoint');
CALL app.protect('webhook_delivery');
CALL app.protect('notification');
CALL app.protect('audit_entry');
CALL app.protect('policy');
CALL app.protect('satisfaction');
CALL app.protect('draft_use');
CALL app.protect('data_export');

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
-- The audit trail is append-only to the application.
REVOKE UPDATE, DELETE ON audit_entry FROM quimbi_app;
