import { UserErrors, refuse, userErrorsOf, type UserError } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { meetCustomers } from '../customers/meet.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'
import { markStale } from '../profiles/stale.ts'
import type { CheckedCustomer } from './checks.ts'

/** Most items that one call takes. */
export const maxItems = 1_000

export type ErrorPolicy = 'REJECT_ALL' | 'SKIP_FAILED' | null | undefined

/** What became of a batch. */
export type IngestResult = { accepted: number; updated: number; duplicates: number; userErrors: UserError[] }

/** Refuses who may not send behaviour: partners without the scope, agents below managers. */
export function requireSender(viewer: Viewer): void {
  requireScope(viewer, 'ingest')
  if (viewer.kind === 'agent' && viewer.role !== 'MANAGER' && viewer.role !== 'ADMIN')
    refuse('FORBIDDEN', 'Only managers may send what customers did.')
}

/** A source's name, as it came. */
export function checkSource(source: string): string {
  if (/^[\w.:-]{1,100}$/.test(source)) return source
  return refuse('INVALID', 'A source is 1 to 100 letters, digits or . _ : -', ['input', 'source'])
}

/** Refuses a batch before any of it is looked at. */
export function checkBatch(viewer: Viewer, source: string, list: string, size: number): void {
  requireSender(viewer)
  checkSource(source)
  if (size > maxItems) refuse('LIMIT_EXCEEDED', `At most ${maxItems} ${list} a call.`, ['input', list])
}

/** A row that was written: `former` is whose it was before, null for a new one. */
export type Written = { customerId: string; former: string | null }

/** A checked batch, and how its rows are written: those that changed come back. */
export type CheckedBatch<Row> = {
  source: string
  size: number
  valid: readonly Row[]
  errors: UserError[]
  errorPolicy: ErrorPolicy
  store(rows: readonly (Row & { customerId: string })[]): Promise<Written[]>
}

/** Takes in the facts of a checked batch, with the customers that are met, and has their insight computed anew. */
export async function takeIn<Row extends { customer: CheckedCustomer }>(
  tx: Db,
  tenantId: string,
  { source, size, valid, errors, errorPolicy, store }: CheckedBatch<Row>,
  now: Date,
): Promise<IngestResult> {
  if (errors.length > 0 && errorPolicy !== 'SKIP_FAILED') throw new UserErrors(errors)
  if (valid.length === 0) return { ...nothing, userErrors: errors }
  const customerIds = await meetCustomers(
    tx,
    { tenantId, source, now },
    valid.map(({ customer }) => customer),
  )
  const written = await store(valid.map((row, index) => ({ ...row, customerId: customerIds[index] ?? '' })))
  await markStale(
    tx,
    tenantId,
    written.flatMap(({ customerId, former }) => (former === null ? customerId : [customerId, former])),
    now,
  )
  const updated = written.filter(({ former }) => former !== null).length
  const accepted = written.length - updated
  return { accepted, updated, duplicates: size - errors.length - written.length, userErrors: errors }
}

const nothing = { accepted: 0, updated: 0, duplicates: 0 }

/** Runs an ingesting mutation; a refusal becomes its payload. */
export async function ingestPayload(run: () => Promise<IngestResult>): Promise<IngestResult> {
  try {
    return await run()
  } catch (error) {
    return { ...nothing, userErrors: userErrorsOf(error) }
  }
}
