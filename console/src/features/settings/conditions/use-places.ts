import { useQuery } from '@apollo/client/react'
import { useAgentChoices, useTeamChoices } from '../parts/choices.ts'
import { SettingsQueueChoicesDocument } from '../parts/generated/Choices.ts'
import type { Places } from './fields.ts'

/** The agents, teams and queues that conditions and actions name. */
export function usePlaces(): Places {
  const agents = useAgentChoices()
  const teams = useTeamChoices()
  const { data } = useQuery(SettingsQueueChoicesDocument)
  return { agents, teams, queues: (data?.queues ?? []).map(({ id, name }) => ({ value: id, label: name })) }
}
