import { newId } from '@quimbi/database/ids.ts'
import { encodeCursor } from '@quimbi/service/cursors.ts'
import { connection, pageSize, type PageRequest } from '@quimbi/service/pagination.ts'
import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { publish } from '@quimbi/events/outbox.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import type { Customer } from '../../generated/prisma/client.ts'
import { need } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import { once, stillThere } from '../common/idempotency.ts'
import { placeInTime } from '@quimbi/service/places.ts'
import { isStorable } from '@quimbi/service/places.ts'
import { labels, text } from '../common/text.ts'
import { isTimeZone } from '../common/time-zone.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { customerIdsMatching } from './find.ts'
import { distinctRefs, type GivenRef } from './given-refs.ts'
import { identify } from './identity.ts'
import { absorb, addRefs, erasedAmong, ownersOf, refKey, type Ref } from './refs.ts'
import { shownOfCustomer } from './update.ts'

/** A customer as stored; `createdAt` is null for one of whom only the id is known. */
export type CustomerRow = Omit<Customer, 'createdAt' | 'updatedAt'> & { createdAt: Date | null }

export const unknownCustomer = (tenantId: string, id: string): CustomerRow => ({
  tenantId,
  id,
  name: null,
  email: null,
  phone: null,
  locale: null,
  timeZone: null,
  tags: [],
  isVip: false,
  lastContactAt: null,
  lastChannel: null,
  churnRisk: null,
  lifetimeValue: null,
  archetype: null,
  insightAt: null,
  erasedAt: null,
  createdAt: null,
})

type Optional<T> = T | null | undefined

export type NewCustomer = {
  name: string
  email?: Optional<string>
  phone?: Optional<string>
  locale?: Optional<string>
  timeZone?: Optional<string>
  externalRefs?: Optional<readonly GivenRef[]>
  tags?: Optional<readonly string[]>
  idempotencyKey?: Optional<string>
}

const path = (field: string): string[] => ['input', field]

/** Adds a customer, or names one that was so far only seen by a reference. ALREADY_EXISTS if a reference is a named one's. */
export async function createCustomer(tx: Db, viewer: Viewer, input: NewCustomer, now: Date): Promise<Customer> {
  need(viewer, 'customer:write')
  const { tenantId } = viewer
  const call = { tenantId, operation: 'createCustomer', key: input.idempotencyKey, input, now }
  const id = await once(tx, call, async () => {
    const refs = distinctRefs(input.externalRefs ?? [], { path: path('externalRefs'), max: 20 })
    const owners = await ownersOf(tx, tenantId, refs)
    const identity = identify(
      tenantId,
      refs,
      refs.flatMap((ref) => owners.get(refKey(ref)) ?? []),
      path('externalRefs'),
    )
    if (identity.named)
      refuse('ALREADY_EXISTS', 'There is a customer with this external reference.', path('externalRefs'))
    // Somebody who was erased and comes back is a new person to us, though the reference still leads to the old id.
    const isDerived = !identity.known && refs.length > 0
    const gone = isDerived ? await erasedAmong(tx, tenantId, [identity.id]) : new Set()
    const customerId = gone.has(identity.id) ? newId() : identity.id
    const data = { ...fieldsOf(input), updatedAt: now }
    // A concurrent call may have made the same derived id since: naming it only while it has no name settles the race.
    const made = await tx.customer.createMany({
      data: [{ tenantId, id: customerId, createdAt: now, ...data }],
      skipDuplicates: true,
    })
    if (made.count === 0) {
      const adopted = await tx.customer.updateMany({ where: { tenantId, id: customerId, name: null }, data })
      if (adopted.count === 0)
        refuse('ALREADY_EXISTS', 'There is a customer with this external reference.', path('externalRefs'))
    }
    await absorb(tx, tenantId, identity.absorb, customerId)
    await claimRefs(tx, tenantId, customerId, refs)
    await publish(tx, [{ tenantId, type: 'customer.saved', occurredAt: now, payload: { customerId, refs } }])
    const changes = differences<Partial<Customer>>({}, data, shownOfCustomer)
    const subject = { subjectType: 'customer', subjectId: customerId }
    await recordAudit(tx, { tenantId, who: doerOf(viewer), now, action: 'customer.created', ...subject, changes })
    return customerId
  })
  return stillThere(await tx.customer.findFirst({ where: { tenantId, id } }))
}

// Another transaction may have taken a reference since it was looked up.
async function claimRefs(tx: Db, tenantId: string, customerId: string, refs: readonly Ref[]): Promise<void> {
  await addRefs(
    tx,
    tenantId,
    refs.map((ref) => ({ ...ref, customerId })),
  )
  const owners = await ownersOf(tx, tenantId, refs)
  if (refs.some((ref) => owners.get(refKey(ref))?.customerId !== customerId)) {
    refuse('CONFLICT', 'An external reference was just given to another customer. Try again.', path('externalRefs'))
  }
}

function fieldsOf({ name, email, phone, locale, timeZone, tags }: NewCustomer) {
  if (timeZone && !isTimeZone(timeZone)) refuse('INVALID', 'timeZone is no IANA time zone.', path('timeZone'))
  return {
    name: text(name, { path: path('name'), max: 200 }),
    email: email ?? null,
    phone: phone ? text(phone, { path: path('phone'), max: 50 }) : null,
    locale: locale ? text(locale, { path: path('locale'), max: 35 }) : null,
    timeZone: timeZone ?? null,
    tags: labels(tags, path('tags')),
  }
}

/** Customers, newest first; of those that a query means, if there is one. */
export async function listCustomers(
  db: Db,
  { tenantId }: Viewer,
  page: PageRequest & { query?: string | null | undefined },
) {
  const size = pageSize(page.first, { default: 50 })
  const after = placeInTime(page.after)
  const query = page.query?.trim() ?? ''
  const rows = await db.customer.findMany({
    where: {
      tenantId,
      ...(query !== '' && { id: { in: await customerIdsMatching(db, query) } }),
      ...(after && {
        AND: [{ createdAt: { lte: after[0] } }, { OR: [{ createdAt: { lt: after[0] } }, { id: { gt: after[1] } }] }],
      }),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: size + 1,
  })
  return connection(rows, size, (row) => encodeCursor([row.createdAt.toISOString(), row.id]), page)
}

/** One customer by another system's id. */
export async function customerByRef(
  db: Db,
  { tenantId }: Viewer,
  source: string,
  externalId: string,
): Promise<Customer | null> {
  if (!isStorable(source) || !isStorable(externalId)) return null
  const ref = await db.customerRef.findFirst({ where: { tenantId, source, externalId }, include: { customer: true } })
  return ref?.customer ?? null
}
