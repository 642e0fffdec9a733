import { useQuery } from '@apollo/client/react'
import { words } from '../../../shared/format.ts'
import type { Choice } from './check-list.tsx'
import { SettingsAgentChoicesDocument, SettingsTeamChoicesDocument } from './generated/Choices.ts'

/** Active agents, to choose from. */
export function useAgentChoices(): Choice[] {
  const { data } = useQuery(SettingsAgentChoicesDocument)
  return (data?.agents.nodes ?? []).map(({ id, name, role }) => ({ value: id, label: name, hint: words(role) }))
}

/** Teams, to choose from. */
export function useTeamChoices(): Choice[] {
  const { data } = useQuery(SettingsTeamChoicesDocument)
  return (data?.teams ?? []).map(({ id, name }) => ({ value: id, label: name }))
}

/** Constants as choices in words. */
export const wordChoices = (constants: readonly string[]): Choice[] =>
  constants.map((constant) => ({ value: constant, label: words(constant) }))
