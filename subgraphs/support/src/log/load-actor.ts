import type { Agent } from '../../generated/prisma/client.ts'
import type { CustomerRow } from '../customers/service.ts'
import type { Loaders } from '../loaders.ts'
import type { ActorRef, SystemActorKind } from './actors.ts'

type Loaded =
  | (Agent & { __typename: 'Agent' })
  | (CustomerRow & { __typename: 'Customer' })
  | { __typename: 'SystemActor'; kind: SystemActorKind; name: string }

/** Who did something, as the union `Actor`; an agent whose record is gone is an integration by that name. */
export async function loadActor(loaders: Loaders, ref: ActorRef): Promise<Loaded> {
  if (ref.kind === 'system') return { __typename: 'SystemActor', kind: ref.system, name: ref.name }
  if (ref.kind === 'customer') return { ...(await loaders.customerById.load(ref.id)), __typename: 'Customer' }
  const agent = await loaders.agentById.load(ref.id)
  return agent ? { ...agent, __typename: 'Agent' } : { __typename: 'SystemActor', kind: 'INTEGRATION', name: 'unknown' }
}
