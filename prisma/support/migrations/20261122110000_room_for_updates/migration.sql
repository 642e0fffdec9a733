-- A ticket changes many times in its life, mostly in what no index holds: what was said last, since when it waits. With room on its page such a
-- change writes none of its ten indexes. Without, the first one of every ticket that came with others wrote them all, the words of its subject too.
ALTER TABLE "ticket" SET (fillfactor = 85);
ALTER TABLE "ticket_sla" SET (fillfactor = 80);

-- As stable ones their bodies, which are no more than that, become part of the statement; each call of a function cost as much as its hash.
ALTER FUNCTION app.log_digest(bytea, jsonb) STABLE;
ALTER FUNCTION app.log_entry(uuid, bigint, uuid, text, timestamptz, uuid, bytea) STABLE;

-- The same numbers for a tenth of the time: nearly every ticket has none, and a setting of the function's own was made and unmade at each
-- call, with each ticket that the index of words takes in. Its names are qualified instead.
CREATE OR REPLACE FUNCTION app.folded(list text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF list OPERATOR(pg_catalog.=) '{}' THEN RETURN list; END IF;
  RETURN (SELECT coalesce(pg_catalog.array_agg(pg_catalog.lower(pg_catalog.ltrim(item, '#'))), '{}') FROM pg_catalog.unnest(list) AS item);
END $$;
