import { redisBudget } from '@quimbi/service/budget-redis.ts'
import { memoryBudget, type Budget, type BudgetLimit } from '@quimbi/service/budget.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { documentStore, type DocumentStore } from '@quimbi/service/persisted-store.ts'
import type { PersistedDocuments } from '@quimbi/service/persisted.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import { bothManifests, type Console } from '../console/folder.ts'
import type { LimitsConfig } from './config.ts'

/** What clients may ask of the gateway. */
export type Limits = {
  /** points of one document */
  maxCost: number
  agent: BudgetLimit
  tenant: BudgetLimit
  /** of an address from which somebody asks without a login */
  anonymous: BudgetLimit
  budget: Budget
  /** documents known in advance, and whether others are refused */
  documents: PersistedDocuments | undefined
  /** where documents are kept that clients send once and then name by their hash */
  store: DocumentStore
}

type Means = { redis?: RedisClient | undefined; clock: Clock }

/** Generous: a console's whole inbox page costs a few thousand points, and is asked for some dozen times a minute. */
export const usualPoints = { document: 20_000, agent: 200_000, tenant: 20_000_000, anonymous: 2_000 }

/** Limits as they are configured; shared by all instances where there is Redis. */
export function limitsOf(
  config: Omit<LimitsConfig, 'INTROSPECTION' | 'CORS_ORIGINS'> & { CONSOLE_DIR?: Console | null | undefined },
  { redis, clock }: Means,
): Limits {
  const maxCost = config.MAX_QUERY_COST ?? usualPoints.document
  // A bucket holds a minute's points, and at least what one document may cost.
  const bucket = (perMinute: number): BudgetLimit => ({ capacity: Math.max(perMinute, maxCost), perMinute })
  const { PERSISTED_DOCUMENTS_ONLY: only = false } = config
  const known = bothManifests(config.PERSISTED_DOCUMENTS, config.CONSOLE_DIR?.documents)
  return {
    maxCost,
    agent: bucket(config.AGENT_POINTS_PER_MINUTE ?? usualPoints.agent),
    tenant: bucket(config.TENANT_POINTS_PER_MINUTE ?? usualPoints.tenant),
    anonymous: bucket(config.ANONYMOUS_POINTS_PER_MINUTE ?? usualPoints.anonymous),
    budget: redis ? redisBudget({ redis, clock }) : memoryBudget({ clock }),
    documents: known && { known, only },
    store: documentStore({ redis }),
  }
}
