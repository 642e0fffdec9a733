import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import type { CustomerHistory } from '../features/history.ts'
import { requireScope } from '../keys/service.ts'
import type { Loaders } from '../loaders.ts'
import { insightOf } from '../profiles/compute.ts'
import type { Insight } from '../profiles/insight.ts'
import { lensOf } from '../profiles/lens.ts'
import { checkPassedIn, type PassedIn } from '../profiles/passed-in.ts'

/** What advice is asked with. */
export type Asking = { db: Db; viewer: Viewer; loaders: Loaders; now: Date }

/** Whom advice is about: what they did, what is thought of it, and the instant (ms) it is for. */
export type Subject = { history: CustomerHistory; insight: Insight; asOf: number }

type Optional<T> = T | null | undefined
export type Named = { customerId?: Optional<string>; profile?: Optional<PassedIn> }

/**
 * The customer that an input names, stored or passed in: both are looked at in the same way.
 * @throws UserErrors INVALID unless exactly one is named, NOT_FOUND, FORBIDDEN, and what is wrong with a profile
 */
export async function subjectOf(asking: Asking, { customerId, profile }: Named): Promise<Subject> {
  const { db, viewer, now } = asking
  requireScope(viewer, 'insight:read')
  if ((customerId ?? null) === null) {
    if (!profile) return refuse('INVALID', 'Name a customer: customerId or profile.', ['input'])
    const lens = await lensOf(db, viewer.tenantId)
    const rules = { currencyCode: lens.currencyCode, now, path: ['input', 'profile'] }
    const { history, asOf, currencyCode } = checkPassedIn(profile, rules)
    return { history, asOf, insight: { ...insightOf(lens, history, asOf), currencyCode } }
  }
  if (profile) refuse('INVALID', 'Name the customer by customerId or by profile, not both.', ['input'])
  const known = await knownSubject(asking, customerId ?? '')
  return known ?? refuse('NOT_FOUND', 'There is no such customer.', ['input', 'customerId'])
}

/** A stored customer; null for one whom Intelligence has never heard of. Many at once are loaded together. */
export async function knownSubject({ loaders, now }: Asking, customerId: string): Promise<Subject | null> {
  const [insight, history] = await Promise.all([
    loaders.insightByCustomer.load(customerId),
    loaders.historyByCustomer.load(customerId),
  ])
  return history && insight.status !== 'UNKNOWN_CUSTOMER' ? { history, insight, asOf: now.getTime() } : null
}
