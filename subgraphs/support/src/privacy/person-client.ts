import type { ServiceClient } from '@quimbi/service/client.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { z } from 'zod'
import type { PersonSource } from './person.ts'

const answer = z.object({ person: z.record(z.string(), z.unknown()).nullable() })

/** What Intelligence in another process knows of a person. Rejects where it does not say. */
export const personClient =
  (client: ServiceClient): PersonSource =>
  async (tenantId, customerId) => {
    const { status, body } = await client.post('/internal/person', JSON.stringify({ tenantId, customerId }))
    if (status !== 200) throw codedError('SUBGRAPH_UNAVAILABLE', `Intelligence answered with status ${status}`)
    return answer.parse(JSON.parse(body)).person
  }
