import { useCommand } from '../commands/use-command.ts'
import { useMutate } from '../graph/mutate.ts'
import { useViewer } from '../session/viewer.tsx'
import type { AgentStatus } from '../graph/generated/schema.ts'
import { ShellSetAgentStatusDocument } from './generated/Shell.ts'

/** What agents say of themselves; OFFLINE is said by the server alone. */
export const statuses = [
  { value: 'ONLINE', label: 'Online', dot: 'bg-good' },
  { value: 'BUSY', label: 'Busy', dot: 'bg-bad' },
  { value: 'AWAY', label: 'Away', dot: 'bg-warn' },
  { value: 'OFFLINE', label: 'Offline', dot: 'bg-ink-faint' },
] as const satisfies readonly { value: AgentStatus; label: string; dot: string }[]

export type MyStatus = { status: AgentStatus; acceptsNewTickets: boolean }

/** What colleagues, and the assignment of tickets, know of the agent. Shown as changed at once, and put back where that fails. */
export function useMyStatus() {
  const { agent } = useViewer()
  const [change] = useMutate(ShellSetAgentStatusDocument)
  const mine: MyStatus = { status: agent?.status ?? 'OFFLINE', acceptsNewTickets: agent?.acceptsNewTickets ?? false }
  const set = (next: Partial<MyStatus>) => {
    const whole = { ...mine, ...next }
    void change(
      { input: whole },
      {
        optimisticResponse: {
          __typename: 'Mutation',
          setAgentStatus: {
            __typename: 'AgentPayload',
            agent: { __typename: 'Agent', id: agent?.id ?? '', ...whole },
            userErrors: [],
          },
        },
      },
    )
  }
  return [mine, set] as const
}

export function useStatusCommands(): void {
  const [mine, set] = useMyStatus()
  const status = (value: AgentStatus, label: string) => ({
    id: `status:${value}`,
    title: `Be ${label.toLowerCase()}`,
    section: 'You',
    keywords: ['status', 'presence'],
    isEnabled: mine.status !== value,
    run: () => set({ status: value }),
  })
  useCommand(status('ONLINE', 'Online'))
  useCommand(status('BUSY', 'Busy'))
  useCommand(status('AWAY', 'Away'))
  useCommand({
    id: 'status:accept',
    title: mine.acceptsNewTickets ? 'Take no new tickets' : 'Take new tickets',
    section: 'You',
    keywords: ['assignment', 'accept', 'pause'],
    run: () => set({ acceptsNewTickets: !mine.acceptsNewTickets }),
  })
}
