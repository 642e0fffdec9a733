/** What `npm run import -- --help` prints. */
export const importHelp = `npm run import -- orders|customers|tickets FILE --tenant SLUG [options]

Reads FILE (or - for standard input; gzipped or not) into the databases. Running it again adds nothing. What cannot go in
is reported by line and kept aside; the rest goes in.

  --tenant SLUG         whose it is
  --source NAME         the system that order and customer ids come from, where the file does not say
  --currency CODE       currency of the amounts, where the file does not say; else the tenant's
  --create-tenant       make the tenant if it is missing, with --name TEXT, --time-zone ZONE, --currency CODE
  --rejects FILE        where to keep what did not go in; else <data dir>/imports/
  --unassign-unknown    tickets: drop an assignee who is no agent here, instead of refusing the ticket
  --dry-run             check everything against the database and write nothing

Files are told apart by their header. Instants without a zone are UTC; amounts have at most 4 decimals.

orders
  Online Retail lines   InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
                        Lines of one InvoiceNo are one order; a number with C is a credit note. GBP unless --currency.
  one order a row       customer_id,order_id,ts,amount,items,lines,is_return[,country]
  our own               source,externalId,customerId,customerExternalId,placedAt,status,currencyCode,total,discount,
                        refunded,items,shipments; items and shipments are JSON lists
  JSON lines            {"source","externalId","customer":{"id" or "externalId"},"placedAt","status","currencyCode",
                        "total","discount","refunded","items":[{"sku","title","category","quantity","unitPrice",
                        "discounted"}],"shipments":[{"carrier","trackingNumber","status","updatedAt"}]}
                        status: PLACED PAID FULFILLED DELIVERED CANCELLED RETURNED

customers               CSV with any of id,name,email,phone,locale,timeZone,tags,isVip,createdAt,lastContactAt,externalRefs:
                        tags are a|b, externalRefs are source:id|source:id, and \\ goes before a | : or \\ that is none of
                        these. An empty cell clears the field, a missing column leaves it. JSON lines alike, tags and
                        externalRefs [{"source","id"}] as lists. Each needs an id or an external reference.

tickets                 JSON lines {"id","number","subject","status","waitingOn","priority","channel","tags",
                        "customer":{"id" or "source","externalId"},"assigneeEmail","externalRef":{"source","id"},"isDemo",
                        "createdAt","updatedAt","closedAt","messages":[{"id","fromAgent","authorName","authorEmail",
                        "content","createdAt"}]}; each needs an id or an externalRef. CSV with customerId or customerSource
                        and customerExternalId, externalSource and externalId, and messages as a JSON list or message,
                        authorName, authorEmail.

  npm run import -- orders ../shared/data/online_retail/or_full.csv.gz --tenant retail --create-tenant --currency GBP
`
