import { codedError, UserErrors, userErrorsOf, type UserError } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { Prisma } from '../../generated/prisma/client.ts'
import { behaviorOf } from '../customers/behavior.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'
import { inSlices, insightOf } from './compute.ts'
import { featuresView, type Insight, type InsightStatus } from './insight.ts'
import { lensOf, type Lens } from './lens.ts'
import { checkPassedIn, type Checked, type PassedIn } from './passed-in.ts'

/** Most customers, and most orders, interactions and events in all, of one call. */
export const maxCustomers = 1_000
export const maxFactsInAll = 100_000

/** What is thought of a customer that was passed in; without insight where it was refused. */
export type Analyzed = {
  customerId: string
  status: InsightStatus
  insight: Insight | null
  ltvMonths: number
  behavior: (ReturnType<typeof behaviorOf> & { features: Record<string, number> }) | null
  userErrors: UserError[]
}

/** Insight from what is passed in; nothing is stored. @throws UserErrors FORBIDDEN */
export async function analyzeCustomer(db: Db, viewer: Viewer, input: PassedIn, now: Date): Promise<Analyzed> {
  requireScope(viewer, 'insight:read')
  return analyzeOne(await lensOf(db, viewer.tenantId), input, { now, path: ['input'] })
}

/**
 * The same of many, each refused on its own.
 * @throws GraphQLError BAD_USER_INPUT (LIMIT) for more than 1,000 customers or 100,000 facts in all
 */
export async function analyzeCustomers(
  db: Db,
  viewer: Viewer,
  inputs: readonly PassedIn[],
  now: Date,
): Promise<Analyzed[]> {
  requireScope(viewer, 'insight:read')
  const facts = inputs.reduce((sum, one) => sum + countOf(one), 0)
  if (inputs.length > maxCustomers || facts > maxFactsInAll)
    throw codedError('BAD_USER_INPUT', `At most ${maxCustomers} customers with ${maxFactsInAll} facts a call.`, {
      reason: 'LIMIT',
    })
  const lens = await lensOf(db, viewer.tenantId)
  return inSlices([...inputs.entries()], ([index, input]) =>
    analyzeOne(lens, input, { now, path: ['input', String(index)] }),
  )
}

const countOf = ({ orders, interactions, events }: PassedIn): number =>
  orders.length + (interactions?.length ?? 0) + (events?.length ?? 0)

function analyzeOne(lens: Lens, input: PassedIn, { now, path }: { now: Date; path: readonly string[] }): Analyzed {
  try {
    const checked = checkPassedIn(input, { currencyCode: lens.currencyCode, now, path })
    const { customerId, history, asOf, ltvMonths, currencyCode } = checked
    const insight = { ...insightOf(lens, history, asOf), currencyCode }
    return {
      ...{ customerId, ltvMonths, insight, userErrors: [] },
      status: insight.status,
      behavior: behaviorIn(checked, insight),
    }
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error
    const refused = { status: 'INSUFFICIENT_DATA', insight: null, behavior: null, ltvMonths: 12 } as const
    return { ...refused, customerId: input.customerId, userErrors: userErrorsOf(error) }
  }
}

function behaviorIn({ orders, currencyCode, asOf }: Checked, insight: Insight): Analyzed['behavior'] {
  if (currencyCode === null) return null
  const sum = (amounts: (string | null)[]) =>
    amounts.reduce((total, amount) => total.plus(amount ?? 0), new Prisma.Decimal(0)).toFixed()
  // As in the statement over stored orders: a credit note is no order.
  const counting = orders.filter(({ status, total }) => !(status === 'RETURNED' && Number(total) === 0))
  const instants = counting.map(({ placedAt }) => placedAt).sort()
  const sums = {
    orders: counting.length,
    gross: sum(orders.map(({ total }) => total)),
    refunded: sum(orders.map(({ refunded }) => refunded)),
    firstOrderAt: dateOf(instants[0]),
    lastOrderAt: dateOf(instants.at(-1)),
  }
  return { ...behaviorOf(sums, currencyCode, new Date(asOf)), features: featuresView(insight) }
}

const dateOf = (instant: string | undefined): Date | null => (instant === undefined ? null : new Date(instant))
