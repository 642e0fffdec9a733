import type { FieldChange } from '@quimbi/service/field-changes.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import type { ActorRef } from '../log/actors.ts'
import { loadActor } from '../log/load-actor.ts'
import { listAudit } from './service.ts'

export const resolvers = {
  Query: {
    auditLog: (_, request, { db, viewer }) => listAudit(db, viewer, request),
  },
  AuditEntry: {
    actor: ({ actor }, _args, { loaders }) => loadActor(loaders, actor as ActorRef),
    changes: ({ changes }) => changes as FieldChange[],
  },
} satisfies Pick<Resolvers, 'Query' | 'AuditEntry'>
