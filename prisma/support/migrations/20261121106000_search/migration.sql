-- Search. Under row-level security no condition on text may use an index, so all of it is asked as the owner, by functions that name the
-- tenant themselves. Words are taken as they are written ('simple'): a shop's customers write in many languages.
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

-- Order numbers as they are looked for: in lower case, without a leading #.
CREATE FUNCTION app.folded(list text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(lower(ltrim(item, '#'))), '{}') FROM unnest(list) AS item $$;

-- One index for a ticket: each further one would make each change of a ticket dearer.
CREATE INDEX ticket_search_idx ON ticket USING gin (tenant_id, to_tsvector('simple', subject), app.folded(order_numbers));
CREATE INDEX message_search_idx ON message USING gin (tenant_id, to_tsvector('simple', content)) WHERE deleted_at IS NULL;
CREATE INDEX customer_search_idx ON customer
  USING gin (tenant_id, to_tsvector('simple', coalesce(name, '')), lower(coalesce(name, '')) gin_trgm_ops);

-- All the words, the last of them perhaps not yet written to its end; null where there is none.
CREATE FUNCTION app.search_words(query text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT CASE WHEN numnode(plain) > 0 THEN (plain::text || ':*')::tsquery END FROM plainto_tsquery('simple', query) AS plain $$;

-- Customers by words of their name, by the beginning of their e-mail address or phone number; by a name alike if there is none of these.
CREATE FUNCTION app.customers_meant(query text, most integer) RETURNS TABLE (id uuid, is_exact boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := app.current_tenant();
  words tsquery := app.search_words(query);
  folded text := lower(query);
  beyond text := U&'\FFFF';
BEGIN
  RETURN QUERY
    SELECT found.id, bool_or(found.is_exact) FROM (
      (SELECT c.id, FALSE AS is_exact FROM customer c WHERE c.tenant_id = tenant AND to_tsvector('simple', coalesce(c.name, '')) @@ words LIMIT most)
      UNION ALL
      (SELECT c.id, c.email = folded FROM customer c WHERE c.tenant_id = tenant AND c.email >= folded AND c.email < folded || beyond LIMIT most)
      UNION ALL
      (SELECT c.id, c.phone = query FROM customer c WHERE c.tenant_id = tenant AND c.phone >= query AND c.phone < query || beyond LIMIT most)
    ) AS found GROUP BY found.id;
  IF FOUND THEN RETURN; END IF;
  -- Two letters changed in a short word leave 0.4; until the end of the transaction.
  PERFORM set_config('pg_trgm.word_similarity_threshold', '0.4', true);
  RETURN QUERY
    SELECT c.id, FALSE FROM customer c WHERE c.tenant_id = tenant AND folded <% lower(coalesce(c.name, ''))
    ORDER BY word_similarity(folded, lower(coalesce(c.name, ''))) DESC, c.id LIMIT most;
END $$;

-- Tickets that a query means, best first: by number, by order number, by the customer's exact address, by subject, by customer, by what was
-- said in public; of equal ones the newest. `rank`: that kind's number, and behind the point the time. Where nothing has the words: what
-- looks alike, in customers' names and in the subjects of the newest 10,000 tickets (an index for that would cost each change of each ticket).
CREATE FUNCTION app.search_tickets(query text, most integer) RETURNS TABLE (ticket_id uuid, found_rank double precision, source text, message_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := app.current_tenant();
  words tsquery := app.search_words(query);
  folded text := lower(query);
  wanted integer := CASE WHEN query ~ '^#?[0-9]{1,9}$' THEN ltrim(query, '#')::integer END;
  -- Beside real tickets a demo's are not to be found; in a demo there are no others.
  with_demo boolean := coalesce((SELECT b.is_demo FROM tenant b WHERE b.id = tenant), FALSE);
  customers uuid[];
  exact_customers uuid[];
BEGIN
  SELECT array_agg(c.id), array_agg(c.id) FILTER (WHERE c.is_exact) INTO customers, exact_customers FROM app.customers_meant(query, 200) c;
  RETURN QUERY
    WITH hit (id, tier, source, message_id) AS (
      SELECT t.id, 6, 'NUMBER', NULL::uuid FROM ticket t WHERE t.tenant_id = tenant AND t.number = wanted
      UNION ALL
      SELECT t.id, 5, 'ORDER', NULL FROM ticket t WHERE t.tenant_id = tenant AND app.folded(t.order_numbers) @> ARRAY[ltrim(folded, '#')]
      UNION ALL
      SELECT t.id, CASE WHEN t.customer_id = ANY (exact_customers) THEN 4 ELSE 2 END, 'CUSTOMER', NULL
      FROM ticket t WHERE t.tenant_id = tenant AND t.customer_id = ANY (customers)
      UNION ALL
      SELECT t.id, 3, 'SUBJECT', NULL FROM ticket t WHERE t.tenant_id = tenant AND to_tsvector('simple', t.subject) @@ words
      UNION ALL
      (SELECT DISTINCT ON (m.ticket_id) m.ticket_id, 1, 'MESSAGE', m.id FROM message m
        WHERE m.tenant_id = tenant AND m.deleted_at IS NULL AND to_tsvector('simple', m.content) @@ words
        ORDER BY m.ticket_id, m.created_at DESC, m.id)
    ), best AS (SELECT DISTINCT ON (hit.id) hit.* FROM hit ORDER BY hit.id, hit.tier DESC)
    SELECT t.id, best.tier + (extract(epoch FROM t.created_at) / 1e11)::double precision AS found_rank, best.source, best.message_id
    FROM best JOIN ticket t ON t.tenant_id = tenant AND t.id = best.id
    WHERE with_demo OR NOT t.is_demo
    ORDER BY found_rank DESC, t.id LIMIT most;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY
    SELECT t.id, word_similarity(folded, lower(t.subject))::double precision AS found_rank, 'SUBJECT', NULL::uuid
    FROM (SELECT * FROM ticket newest WHERE newest.tenant_id = tenant ORDER BY newest.created_at DESC, newest.id LIMIT 10000) AS t
    WHERE (with_demo OR NOT t.is_demo) AND word_similarity(folded, lower(t.subject)) >= 0.4
    ORDER BY found_rank DESC, t.id LIMIT most;
END $$;

REVOKE EXECUTE ON FUNCTION app.customers_meant(text, integer), app.search_tickets(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.customers_meant(text, integer), app.search_tickets(text, integer) TO quimbi_app, quimbi_system;
