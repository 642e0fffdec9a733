import { readModules } from '@quimbi/service/modules.ts'
import { scalarResolvers } from '@quimbi/service/scalars.ts'
import { resolvers as agents } from './agents/resolvers.ts'
import { resolvers as alerts } from './alerts/resolvers.ts'
import { resolvers as assignment } from './assignment/resolvers.ts'
import { resolvers as audit } from './audit/resolvers.ts'
import { resolvers as attachments } from './attachments/resolvers.ts'
import { resolvers as automation } from './automation/resolvers.ts'
import { resolvers as common } from './common/resolvers.ts'
import { resolvers as context } from './context/resolvers.ts'
import { resolvers as customers } from './customers/resolvers.ts'
import { resolvers as decisions } from './decisions/resolvers.ts'
import { resolvers as demo } from './demo/resolvers.ts'
import { resolvers as drafts } from './drafts/resolvers.ts'
import { resolvers as insight } from './insight/resolvers.ts'
import { resolvers as log } from './log/resolvers.ts'
import { resolvers as messages } from './messages/resolvers.ts'
import { resolvers as notes } from './notes/resolvers.ts'
import { resolvers as reports } from './reports/resolvers.ts'
import { resolvers as satisfaction } from './satisfaction/resolvers.ts'
import { resolvers as notifications } from './notifications/resolvers.ts'
import { resolvers as scoring } from './scoring/resolvers.ts'
import { resolvers as search } from './search/resolvers.ts'
import { resolvers as policies } from './policies/resolvers.ts'
import { resolvers as presence } from './presence/resolvers.ts'
import { resolvers as privacy } from './privacy/resolvers.ts'
import { resolvers as sla } from './sla/resolvers.ts'
import { resolvers as stream } from './stream/resolvers.ts'
import { resolvers as teams } from './teams/resolvers.ts'
import { resolvers as tenants } from './tenants/resolvers.ts'
import { resolvers as queues } from './queues/resolvers.ts'
import { resolvers as tickets } from './tickets/resolvers.ts'
import { resolvers as webhooks } from './webhooks/resolvers.ts'

const { DateTime, EmailAddress, Decimal, Cursor, JSON } = scalarResolvers

/** The domain modules: each a folder with its schema.graphql, and resolvers where it has any. */
export const typeDefs = readModules(import.meta.dirname, [
  'common',
  'tenants',
  'policies',
  'agents',
  'teams',
  'customers',
  'privacy',
  'tickets',
  'queues',
  'assignment',
  'messages',
  'attachments',
  'notes',
  'presence',
  'search',
  'scoring',
  'alerts',
  'sla',
  'log',
  'audit',
  'notifications',
  'automation',
  'decisions',
  'webhooks',
  'reports',
  'satisfaction',
  'drafts',
  'demo',
  'context',
])
export const resolvers = [
  { DateTime, EmailAddress, Decimal, Cursor, JSON },
  agents,
  alerts,
  assignment,
  attachments,
  audit,
  automation,
  common,
  context,
  customers,
  demo,
  decisions,
  drafts,
  insight,
  log,
  messages,
  notes,
  notifications,
  policies,
  presence,
  privacy,
  queues,
  reports,
  satisfaction,
  scoring,
  search,
  sla,
  stream,
  teams,
  tenants,
  tickets,
  webhooks,
]
