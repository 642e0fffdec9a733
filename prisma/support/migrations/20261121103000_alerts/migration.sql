-- Topic alerts: looking for keywords, in any case and as parts of words, in subjects and in what was said in public. As the owner, since
-- under row-level security no condition on text may use an index; so each of these names the tenant itself.
CREATE FUNCTION app.like_patterns(keywords text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg('%' || regexp_replace(keyword, '([\\%_])', '\\\1', 'g') || '%'), '{}') FROM unnest(keywords) AS keyword $$;

-- All open tickets with one of the keywords.
CREATE FUNCTION app.open_tickets_about(keywords text[]) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
DECLARE patterns text[] := app.like_patterns(keywords); tenant uuid := app.current_tenant();
BEGIN
  RETURN QUERY
    SELECT t.id FROM ticket t WHERE t.tenant_id = tenant AND t.status = 'OPEN' AND t.subject ILIKE ANY (patterns)
    UNION
    SELECT t.id FROM ticket t JOIN message m ON m.tenant_id = t.tenant_id AND m.ticket_id = t.id
    WHERE t.tenant_id = tenant AND t.status = 'OPEN' AND m.tenant_id = tenant AND m.deleted_at IS NULL AND m.content ILIKE ANY (patterns);
END $$;

-- Those of the given tickets, in any state, that have one of the keywords.
CREATE FUNCTION app.tickets_about(keywords text[], ids uuid[]) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
DECLARE patterns text[] := app.like_patterns(keywords); tenant uuid := app.current_tenant();
BEGIN
  RETURN QUERY
    SELECT t.id FROM ticket t WHERE t.tenant_id = tenant AND t.id = ANY (ids) AND (t.subject ILIKE ANY (patterns) OR EXISTS (
      SELECT FROM message m WHERE m.tenant_id = tenant AND m.ticket_id = t.id AND m.deleted_at IS NULL AND m.content ILIKE ANY (patterns)));
END $$;

-- What the match table is to say of the given tickets: those of them that are open, by each alert in force whose keywords they have.
-- `of_alert`: one alert; null for all.
CREATE FUNCTION app.alert_matches(ids uuid[], at timestamptz, of_alert uuid) RETURNS TABLE (alert_id uuid, ticket_id uuid, rank double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
DECLARE tenant uuid := app.current_tenant();
BEGIN
  RETURN QUERY
    SELECT a.id, t.id, t.rank
    FROM (SELECT alert.id, app.like_patterns(alert.keywords) AS patterns FROM topic_alert alert
      WHERE alert.tenant_id = tenant AND (alert.expires_at IS NULL OR alert.expires_at > at)
        AND (of_alert IS NULL OR alert.id = of_alert) OFFSET 0) AS a
    JOIN ticket t ON t.tenant_id = tenant AND t.id = ANY (ids) AND t.status = 'OPEN' AND (t.subject ILIKE ANY (a.patterns) OR EXISTS (
      SELECT FROM message m WHERE m.tenant_id = tenant AND m.ticket_id = t.id AND m.deleted_at IS NULL AND m.content ILIKE ANY (a.patterns)));
END $$;

REVOKE EXECUTE ON FUNCTION app.open_tickets_about(text[]), app.tickets_about(text[], uuid[]), app.alert_matches(uuid[], timestamptz, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.like_patterns(text[]), app.open_tickets_about(text[]), app.tickets_about(text[], uuid[]),
  app.alert_matches(uuid[], timestamptz, uuid) TO quimbi_app, quimbi_system;
