import { authenticate, type Facts } from '@quimbi/service/authenticate.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { TokenVerifier } from '@quimbi/service/tokens.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'

/** What a request of the graph carries. `facts` travel on to the subgraphs, which judge for themselves. */
export type GatewayContext = { facts: Facts; viewer: Viewer | null }

/** A credential that is wrong is refused here, before anything is asked of a subgraph. */
export async function createContext(
  facts: Facts,
  { verifier, clock }: { verifier: TokenVerifier; clock: Clock },
): Promise<GatewayContext> {
  const viewer = await authenticate(facts, { tokens: verifier, clock })
  // A partner's key is for Intelligence's own door: it opens nothing here, in one process as in three.
  return { facts: { ...facts, apiKey: undefined }, viewer }
}
