import { readModules } from '@quimbi/service/modules.ts'
import { scalarResolvers } from '@quimbi/service/scalars.ts'
import { resolvers as advice } from './advice/resolvers.ts'
import { resolvers as analytics } from './analytics/resolvers.ts'
import { resolvers as actions } from './assistant/actions/resolvers.ts'
import { resolvers as drafts } from './assistant/drafts/resolvers.ts'
import { resolvers as questions } from './assistant/questions/resolvers.ts'
import { resolvers as texts } from './assistant/texts/resolvers.ts'
import { resolvers as usage } from './assistant/usage/resolvers.ts'
import { resolvers as customers } from './customers/resolvers.ts'
import { resolvers as events } from './events/resolvers.ts'
import { resolvers as interactions } from './interactions/resolvers.ts'
import { resolvers as keys } from './keys/resolvers.ts'
import { resolvers as live } from './live/resolvers.ts'
import { resolvers as models } from './models/resolvers.ts'
import { resolvers as orders } from './orders/resolvers.ts'
import { resolvers as partner } from './partner/resolvers.ts'
import { resolvers as profiles } from './profiles/resolvers.ts'
import { resolvers as triage } from './triage/resolvers.ts'
import { resolvers as webhooks } from './webhooks/resolvers.ts'

const { DateTime, Decimal, Cursor, JSON } = scalarResolvers

/** The domain modules: each a folder with its schema.graphql and resolvers. */
export const typeDefs = readModules(import.meta.dirname, [
  'common',
  'customers',
  'orders',
  'keys',
  'profiles',
  'models',
  'interactions',
  'events',
  'live',
  'triage',
  'analytics',
  'advice',
  'assistant',
  'assistant/drafts',
  'assistant/actions',
  'assistant/texts',
  'assistant/questions',
  'assistant/usage',
  'partner',
  'webhooks',
])
export const resolvers = [
  { DateTime, Decimal, Cursor, JSON },
  customers,
  keys,
  orders,
  profiles,
  models,
  interactions,
  events,
  live,
  triage,
  analytics,
  advice,
  drafts,
  actions,
  texts,
  questions,
  usage,
  partner,
  webhooks,
]
