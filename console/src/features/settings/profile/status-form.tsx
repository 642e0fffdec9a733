import { useMutate } from '../../../graph/mutate.ts'
import { useViewer } from '../../../session/viewer.tsx'
import { words } from '../../../shared/format.ts'
import { Section } from '../../../ui/page.tsx'
import { ChoiceBar } from '../parts/choice-bar.tsx'
import { SwitchRow } from '../parts/switch.tsx'
import { SettingsSetStatusDocument, type AgentStatus } from './generated/Profile.ts'

const statuses: readonly AgentStatus[] = ['ONLINE', 'BUSY', 'AWAY', 'OFFLINE']
const meanings: Record<AgentStatus, string> = {
  ONLINE: 'At work and free: you may be given tickets.',
  BUSY: 'At work and occupied: nothing is given to you by itself.',
  AWAY: 'Away for a while: nothing is given to you by itself.',
  OFFLINE: 'Not at work: nothing is given to you by itself.',
}

/** Whether one is at work, and takes tickets. Shown at once, taken back where it was refused. */
export function StatusForm() {
  const { agent } = useViewer()
  const [run] = useMutate(SettingsSetStatusDocument)
  const status = agent?.status ?? 'OFFLINE'
  const acceptsNewTickets = agent?.acceptsNewTickets ?? false
  const change = (next: { status: AgentStatus; acceptsNewTickets: boolean }) => {
    if (!agent) return
    void run(
      { input: next },
      {
        optimisticResponse: {
          __typename: 'Mutation',
          setAgentStatus: {
            __typename: 'AgentPayload',
            agent: { __typename: 'Agent', id: agent.id, ...next },
            userErrors: [],
          },
        },
      },
    )
  }
  return (
    <Section title="Status">
      <ChoiceBar
        label="Your status"
        choices={statuses.map((value) => ({ value, label: words(value) }))}
        value={status}
        onChange={(next) => change({ status: next, acceptsNewTickets })}
      />
      <p className="mt-1 text-xs text-ink-faint">{meanings[status]}</p>
      <div className="mt-2 border-t border-line pt-1">
        <SwitchRow
          label="Take new tickets"
          hint="Off: you keep what you have, and get nothing new while online."
          isOn={acceptsNewTickets}
          onChange={(isOn) => change({ status, acceptsNewTickets: isOn })}
        />
      </div>
    </Section>
  )
}
