import type { Bus } from '@quimbi/events/bus.ts'
import { createChannel, type Channel } from '@quimbi/service/channel.ts'

/**
 * A wire to one agent, wherever that agent is connected: in this process or, over Redis, in another. Messages are texts and may be
 * lost (nobody listens, the bus is away, the reader is 100 behind), so it carries what also stands in a table.
 */
export type AgentChannel = {
  /** Never throws. After commit: what is heard before it is not there yet. */
  publish(tenantId: string, agentId: string, message: string): Promise<void>
  /** What is published from now on. Leaving the loop, `return()` or the end of the subscription ends it. */
  subscribe(tenantId: string, agentId: string): Channel<string>
}

const nameOf = (tenantId: string, agentId: string): string => `agent:{${tenantId}}:${agentId}`

export const createAgentChannel = (bus: Bus): AgentChannel => ({
  async publish(tenantId, agentId, message) {
    await bus.publish(nameOf(tenantId, agentId), message)
  },
  subscribe(tenantId, agentId) {
    const channel = createChannel<string>({ capacity: 100, onEnd: () => leave() })
    // Empty: the bus itself, saying that messages may have been missed.
    const leave = bus.subscribe(nameOf(tenantId, agentId), (message) => void (message && channel.push(message)))
    return channel
  },
})
