/** For whom an event is. Who is told of all tickets counts among `overseers`, and nowhere else. */
export type Audience = {
  overseers: boolean
  /** Everybody else, but `exceptAgentId`. */
  everybody: boolean
  /** Else this agent alone. */
  agentId: string | null
  exceptAgentId: string | null
}

/** Who watches. `overseer`: may see every ticket. */
export type Watcher = { agentId: string; overseer: boolean }

export function isAddressed({ agentId, overseer }: Watcher, audience: Audience): boolean {
  if (overseer) return audience.overseers
  return audience.everybody ? audience.exceptAgentId !== agentId : audience.agentId === agentId
}
