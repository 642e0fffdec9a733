import { configure, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { aViewer, show } from '../../../tests/kit.tsx'
import { SettingsPage } from './page.tsx'
import { descriptionOf } from './parts/described.test-kit.ts'

// Sections are loaded when they are opened, which takes its time on a machine that does other things.
configure({ asyncUtilTimeout: 15_000 })

const anAgent = (name: string, more: object = {}) => ({
  __typename: 'Agent',
  id: `agent-${name.toLowerCase()}`,
  name,
  email: `${name.toLowerCase()}@example.test`,
  role: 'AGENT',
  status: 'ONLINE',
  isActive: true,
  acceptsNewTickets: true,
  capacity: 20,
  skills: ['refund'],
  workload: { open: 6, pending: 2, spare: 12 },
  teams: [],
  members: [],
  ...more,
})
const page = (nodes: unknown[]) => ({ nodes, edges: [], totalCount: nodes.length, pageInfo: { hasNextPage: false } })
const agents = [anAgent('Inés'), anAgent('Ravi')]
const refusal = (field: string, message: string, code = 'INVALID') => [{ code, message, path: ['input', field] }]

describe('agents', () => {
  it('are listed with what they do and how much they have, and another one is added', async () => {
    const created: unknown[] = []
    const { user } = show(<SettingsPage section="agents" />, {
      answers: {
        agents: () => page(created.length > 0 ? [...agents, anAgent('Nora')] : agents),
        createAgent: ({ input }: { input: object }) => {
          created.push(input)
          return { agent: anAgent('Nora'), userErrors: [] }
        },
      },
    })
    const row = await screen.findByRole('row', { name: /Inés/ })
    expect(within(row).getByText('Online')).toBeTruthy()
    expect(row.textContent).toContain('8 of 20')

    await user.click(screen.getByRole('button', { name: 'New agent' }))
    const dialog = await screen.findByRole('dialog', { name: 'New agent' })
    await user.type(within(dialog).getByLabelText('Name'), 'Nora')
    await user.type(within(dialog).getByLabelText('E-mail'), 'nora@example.test')
    await user.type(within(dialog).getByLabelText('First password'), 'a long password')
    await user.type(within(dialog).getByLabelText('Skills'), 'shipping, refund')
    await user.click(within(dialog).getByRole('button', { name: 'Add agent' }))
    expect(await screen.findByRole('row', { name: /Nora/ })).toBeTruthy()
    expect(created[0]).toMatchObject({ name: 'Nora', role: 'AGENT', capacity: 25, skills: ['shipping', 'refund'] })
  })

  it('are refused at the field, where one stands then', async () => {
    const { user } = show(<SettingsPage section="agents" />, {
      answers: {
        agents: () => page(agents),
        updateAgent: () => ({ agent: null, userErrors: refusal('capacity', 'A capacity lies between 0 and 1,000.') }),
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Inés' }))
    const capacity = await screen.findByRole('spinbutton', { name: 'Capacity' })
    await user.clear(capacity)
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(descriptionOf(capacity)).toMatch(/whole number/)
    expect(document.activeElement).toBe(capacity)
    await user.type(capacity, '900')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(descriptionOf(capacity)).toMatch(/lies between 0 and 1,000/))
  })

  it('leave with their tickets given to a colleague', async () => {
    const left: unknown[] = []
    const { user } = show(<SettingsPage section="agents" />, {
      answers: {
        agents: () => page(agents),
        deactivateAgent: ({ input }: { input: object }) => {
          left.push(input)
          return { agent: anAgent('Inés', { isActive: false }), userErrors: [] }
        },
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Actions for Inés' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Deactivate…' }))
    await user.selectOptions(await screen.findByLabelText('Their 8 tickets go to'), 'Ravi')
    await user.click(screen.getByRole('button', { name: 'Deactivate' }))
    await waitFor(() => expect(left).toEqual([{ id: 'agent-inés', reassignTo: 'agent-ravi' }]))
  })

  it('are not shown to somebody who may not change them, who learns which role may', async () => {
    const viewer = { ...aViewer, permissions: ['ticket:read_own'] }
    show(<SettingsPage section="agents" />, { viewer })
    expect(await screen.findByText(/role Team lead and those above/)).toBeTruthy()
    expect(screen.queryByRole('link', { name: 'Agents' })).toBeNull()
    expect(screen.getByRole('link', { name: 'Profile' })).toBeTruthy()
  })
})

describe('teams', () => {
  const team = { __typename: 'Team', id: 'team-care', name: 'Care', members: [agents[0]] }
  const answers = { agents: () => page(agents), teams: () => [team] }

  it('get members, and changes are not lost by mistake', async () => {
    const saved: unknown[] = []
    const { user } = show(<SettingsPage section="teams" />, {
      answers: {
        ...answers,
        saveTeam: ({ input }: { input: object }) => {
          saved.push(input)
          return { team, userErrors: [] }
        },
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Care' }))
    await user.click(await screen.findByRole('checkbox', { name: /Ravi/ }))
    await user.keyboard('{Escape}')
    await user.click(await screen.findByRole('button', { name: 'Keep editing' }))
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() =>
      expect(saved).toEqual([{ id: 'team-care', name: 'Care', memberIds: ['agent-inés', 'agent-ravi'] }]),
    )
  })

  it('stay while a queue belongs to them, and it is said why', async () => {
    const { user } = show(<SettingsPage section="teams" />, {
      answers: {
        ...answers,
        deleteTeam: () => ({ userErrors: refusal('id', 'The queue Returns belongs to the team.', 'CONFLICT') }),
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Actions for Care' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Delete…' }))
    await user.click(await screen.findByRole('button', { name: 'Delete' }))
    expect(await screen.findByText('The queue Returns belongs to the team.')).toBeTruthy()
  })
})

describe('the profile', () => {
  it('changes the status at once, and takes it back where it was refused', async () => {
    const { user } = show(<SettingsPage section="profile" />, {
      answers: { setAgentStatus: () => ({ agent: null, userErrors: [{ code: 'CONFLICT', message: 'Deactivated.' }] }) },
    })
    await user.click(await screen.findByRole('radio', { name: 'Away' }))
    expect(await screen.findByText('Deactivated.')).toBeTruthy()
    expect(screen.getByRole('radio', { name: 'Online', checked: true })).toBeTruthy()
  })

  it('says at the field that the current password is wrong', async () => {
    const { user } = show(<SettingsPage section="profile" />, {
      answers: {
        changePassword: () => ({ userErrors: refusal('currentPassword', 'The current password is wrong.') }),
      },
    })
    await user.type(await screen.findByLabelText('Current password'), 'wrong')
    await user.type(screen.getByLabelText('New password'), 'long enough 1')
    await user.type(screen.getByLabelText('New password again'), 'long enough 2')
    await user.click(screen.getByRole('button', { name: 'Change password' }))
    expect(descriptionOf(screen.getByLabelText('New password again'))).toContain('The two are not the same.')
    await user.clear(screen.getByLabelText('New password again'))
    await user.type(screen.getByLabelText('New password again'), 'long enough 1')
    await user.click(screen.getByRole('button', { name: 'Change password' }))
    await waitFor(() =>
      expect(descriptionOf(screen.getByLabelText('Current password'))).toContain('The current password is wrong.'),
    )
  })

  it('keeps theme and shortcuts at this browser', async () => {
    const { user } = show(<SettingsPage section="profile" />)
    await user.click(await screen.findByRole('radio', { name: 'Dark' }))
    await user.click(screen.getByRole('switch', { name: 'Single-key shortcuts' }))
    expect(localStorage.getItem('quimbi.theme')).toBe('"dark"')
    expect(localStorage.getItem('quimbi.shortcuts')).toBe('false')
  })
})
