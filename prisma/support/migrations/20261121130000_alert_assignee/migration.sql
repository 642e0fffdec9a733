-- A match knows whose its ticket is, so that an agent's own inbox finds its matches in an index, in order, and looks at no others.
ALTER TABLE "topic_alert_match" ADD COLUMN "assignee_id" UUID;

UPDATE topic_alert_match m SET assignee_id = t.assignee_id FROM ticket t
WHERE t.tenant_id = m.tenant_id AND t.id = m.ticket_id AND t.assignee_id IS NOT NULL;

CREATE INDEX "topic_alert_match_tenant_id_alert_id_assignee_id_rank_ticke_idx" ON "topic_alert_match"("tenant_id", "alert_id", "assignee_id", "rank" DESC, "ticket_id");

-- As before, with the assignee.
DROP FUNCTION app.alert_matches(uuid[], timestamptz, uuid);
CREATE FUNCTION app.alert_matches(ids uuid[], at timestamptz, of_alert uuid)
RETURNS TABLE (alert_id uuid, ticket_id uuid, rank double precision, assignee_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
DECLARE tenant uuid := app.current_tenant();
BEGIN
  RETURN QUERY
    SELECT a.id, t.id, t.rank, t.assignee_id
    FROM (SELECT alert.id, app.like_patterns(alert.keywords) AS patterns FROM topic_alert alert
      WHERE alert.tenant_id = tenant AND (alert.expires_at IS NULL OR alert.expires_at > at)
        AND (of_alert IS NULL OR alert.id = of_alert) OFFSET 0) AS a
    JOIN ticket t ON t.tenant_id = tenant AND t.id = ANY (ids) AND t.status = 'OPEN' AND (t.subject ILIKE ANY (a.patterns) OR EXISTS (
      SELECT FROM message m WHERE m.tenant_id = tenant AND m.ticket_id = t.id AND m.deleted_at IS NULL AND m.content ILIKE ANY (a.patterns)));
END $$;

REVOKE EXECUTE ON FUNCTION app.alert_matches(uuid[], timestamptz, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.alert_matches(uuid[], timestamptz, uuid) TO quimbi_app, quimbi_system;
