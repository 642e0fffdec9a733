import { configure, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { aViewer, show } from '../../../../tests/kit.tsx'
import { descriptionOf } from '../parts/described.test-kit.ts'
import { heard } from '../parts/heard.test-kit.ts'
import { AlertsSection } from './section.tsx'

configure({ asyncUtilTimeout: 15_000 })

const anAlert = (id: string, keywords: string[], by: string, expiresAt: string | null = null) => ({
  ...{ __typename: 'TopicAlert', id, keywords, scope: 'MINE', matching: 4, expiresAt },
  createdBy: { __typename: 'Agent', id: by, name: by === 'agent-maya' ? 'Maya' : 'Ravi' },
})
const suggestion = {
  ...{ __typename: 'TopicAlertSuggestion', keyword: 'strike', matching: 9, baseline: 1 },
  explanation: '9 times since yesterday, usually once.',
}
const open = (answers: object, permissions = aViewer.permissions) =>
  show(<AlertsSection />, {
    answers: { topicAlerts: [], suggestedTopicAlerts: [], ...answers },
    viewer: { ...aViewer, permissions },
  })

describe('topic alerts', () => {
  it('say in whose inbox they lift what, and until when', async () => {
    open({ topicAlerts: [anAlert('t1', ['broken mug', 'chipped'], 'agent-maya')] })
    const cells = within(await screen.findByRole('row', { name: /broken mug, chipped/ })).getAllByRole('cell')
    expect(cells.slice(0, 4).map(({ textContent }) => textContent)).toEqual(['Your inbox', 'Maya', '4', 'Never'])
  })

  it('say that they load, and what they are for where there is none', async () => {
    let arrive = (_alerts: object[]): void => undefined
    open({ topicAlerts: () => new Promise((resolve) => (arrive = resolve)) })
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeTruthy()
    arrive([])
    expect(await screen.findByText('No topic alerts')).toBeTruthy()
  })

  it('are made of words, for whom and for how long', async () => {
    const { inputs, answer } = heard({ topicAlert: null })
    const { user } = open({ saveTopicAlert: answer })
    await user.click(await screen.findByRole('button', { name: 'New alert' }))
    await user.click(await screen.findByRole('button', { name: 'Save' }))
    const words = screen.getByLabelText('Words')
    expect(descriptionOf(words)).toContain('Name at least one word.')
    await user.type(words, 'x')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(descriptionOf(words)).toContain('2 to 100 characters')
    await user.clear(words)
    await user.type(words, 'broken mug, chipped, chipped')
    await user.selectOptions(screen.getByLabelText('Changes'), 'Everybody’s inbox')
    await user.selectOptions(screen.getByLabelText('Ends'), 'In 3 days')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(inputs).toMatchObject([{ id: null, keywords: ['broken mug', 'chipped'], scope: 'TENANT' }])
    const { expiresAt } = inputs[0] as { expiresAt: string }
    expect((Date.parse(expiresAt) - Date.now()) / 3_600_000).toBeCloseTo(72, 0)
  })

  it('say at the words why they are refused', async () => {
    const userErrors = [{ code: 'LIMIT_EXCEEDED', message: 'There are too many alerts.', path: ['input', 'keywords'] }]
    const { user } = open({
      topicAlerts: [anAlert('t1', ['late'], 'agent-maya')],
      saveTopicAlert: { topicAlert: null, userErrors },
    })
    await user.click(await screen.findByRole('button', { name: 'late' }))
    await user.click(await screen.findByRole('button', { name: 'Save' }))
    const words = screen.getByLabelText('Words')
    await waitFor(() => expect(descriptionOf(words)).toContain('There are too many alerts.'))
    expect(document.activeElement).toBe(words)
  })

  it('ask before they end', async () => {
    const { inputs, answer } = heard({ deletedId: 't1' })
    const { user } = open({ topicAlerts: [anAlert('t1', ['late'], 'agent-maya')], deleteTopicAlert: answer })
    await user.click(await screen.findByRole('button', { name: 'Actions for late' }))
    await user.click(await screen.findByRole('menuitem', { name: 'End it…' }))
    const dialog = await screen.findByRole('dialog', { name: 'End the alert for late?' })
    expect(inputs).toEqual([])
    await user.click(within(dialog).getByRole('button', { name: 'End' }))
    await waitFor(() => expect(inputs).toEqual([{ id: 't1' }]))
  })

  it('are taken from what is suggested', async () => {
    const { inputs, answer } = heard({ topicAlert: null })
    const { user } = open({ suggestedTopicAlerts: [suggestion], saveTopicAlert: answer })
    expect(await screen.findByText(suggestion.explanation)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Set an alert for strike' }))
    await waitFor(() => expect(inputs).toMatchObject([{ keywords: ['strike'] }]))
  })

  it('of others are changed by who leads; their own, and for themselves only, by all', async () => {
    const topicAlerts = [anAlert('t1', ['mine'], 'agent-maya'), anAlert('t2', ['theirs'], 'agent-ravi')]
    const { user } = open({ topicAlerts }, ['ticket:read_own'])
    await user.click(await screen.findByRole('button', { name: 'mine' }))
    const scopes = within(await screen.findByLabelText('Changes')).getAllByRole('option')
    expect(scopes.map(({ textContent }) => textContent)).toEqual(['Your inbox'])
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('button', { name: 'theirs' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Actions for theirs' })).toBeNull()
  })
})
