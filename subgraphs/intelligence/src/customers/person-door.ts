import { codedError } from '@quimbi/service/errors.ts'
import type { Module } from '@quimbi/subgraph/module.ts'
import { z } from 'zod'
import type { IntelligenceDatabase } from '../database.ts'
import { personOf } from './person.ts'

const body = z.object({ tenantId: z.guid(), customerId: z.guid() })

/** `POST /internal/person` tells Support, and nobody else, all that is known of a person. Signed; the signature covers whose. */
export const personDoor =
  (database: IntelligenceDatabase): NonNullable<Module<object>['routes']> =>
  async (app) => {
    app.post('/internal/person', async ({ caller, body: given }) => {
      if (!caller) throw codedError('UNAUTHENTICATED', 'This door answers to signed requests')
      if (caller !== 'support') throw codedError('FORBIDDEN', 'This door is not for this service')
      const asked = body.safeParse(given)
      if (!asked.success) throw codedError('BAD_USER_INPUT', 'Name a tenant and a customer')
      const { tenantId, customerId } = asked.data
      return { person: await personOf(database.forTenant(tenantId), tenantId, customerId) }
    })
  }
