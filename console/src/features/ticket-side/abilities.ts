import { useViewer } from '../../session/viewer.tsx'

/** What one may do with one ticket, by one's permissions and by who has it. The service decides; the console only hides what it would refuse. */
export type Abilities = {
  /** Change it: state, priority, labels, and all else. */
  change: boolean
  /** Give it to anybody, or have somebody found for it. */
  assign: boolean
  /** Take it oneself. */
  take: boolean
  /** Give it to nobody. */
  release: boolean
  delete: boolean
}

export function abilitiesOf(
  { permissions, agentId }: { permissions: readonly string[]; agentId: string },
  assigneeId: string | null,
): Abilities {
  const may = (permission: string) => permissions.includes(permission)
  const isMine = assigneeId === agentId
  const change = may('ticket:update_all') || (isMine && may('ticket:update_own'))
  const assign = may('ticket:assign')
  return {
    change,
    assign,
    take: !isMine && (assign || (assigneeId === null && may('ticket:take'))),
    release: assigneeId !== null && (assign || (isMine && change)),
    delete: may('ticket:delete'),
  }
}

export function useAbilities(assigneeId: string | null): Abilities {
  const { permissions, agent } = useViewer()
  return abilitiesOf({ permissions, agentId: agent?.id ?? '' }, assigneeId)
}
