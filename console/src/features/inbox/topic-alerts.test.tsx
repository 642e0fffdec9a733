import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { showInbox } from './inbox-kit.tsx'

afterEach(() => void vi.restoreAllMocks())

const alert = (word: string, by = 'agent-maya') => ({
  ...{ id: `alert-${word}`, keywords: [word], scope: 'MINE', matching: 2 },
  createdBy: { id: by, name: 'Leo' },
})
const chips = () => screen.getByRole('list', { name: 'Topic alerts' })

it('takes words, accepts suggestions, and reads the inbox again', async () => {
  const saved: unknown[] = []
  const { user, server } = showInbox([{ number: 1, daysAgo: 1 }], {
    answers: {
      suggestedTopicAlerts: [
        { keyword: 'parcel', matching: 7, baseline: 1, explanation: 'Seven today, one as a rule.' },
      ],
      saveTopicAlert: ({ input }: { input: { keywords: string[] } }) => {
        saved.push(input)
        return { topicAlert: alert(input.keywords[0] ?? ''), userErrors: [] }
      },
    },
  })
  await user.click(await screen.findByRole('button', { name: 'Add a topic alert' }))
  await user.keyboard('refund{Enter}')
  expect(await screen.findByRole('button', { name: 'Remove the topic alert refund' })).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Add the suggested topic alert parcel, 7 tickets' }))
  expect(await screen.findByRole('button', { name: 'Remove the topic alert parcel' })).toBeTruthy()
  expect(screen.queryByRole('button', { name: /suggested/ })).toBeNull()
  expect(saved).toEqual([
    expect.objectContaining({ keywords: ['refund'] }),
    expect.objectContaining({ keywords: ['parcel'] }),
  ])
  await waitFor(() => expect(server.inbox).toHaveBeenCalledTimes(3))
})

it('removes one’s own alone, and puts it back when that is refused', async () => {
  const refusal = {
    deletedId: null,
    userErrors: [{ code: 'NOT_FOUND', message: 'There is no such alert.', path: null }],
  }
  const { user } = showInbox([], {
    answers: { topicAlerts: [alert('late'), alert('damaged', 'agent-leo')], deleteTopicAlert: refusal },
  })
  await screen.findByText('damaged')
  expect(screen.queryByRole('button', { name: 'Remove the topic alert damaged' })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Remove the topic alert late' }))
  expect(await screen.findByText('There is no such alert.')).toBeTruthy()
  expect(within(chips()).getByText('late')).toBeTruthy()
})

it('marks the tickets that match', async () => {
  const component = (name: string, points: number) => ({ name, points, input: 1, weight: 5, explanation: '' })
  const smartScore = {
    ...{ total: 5, explanation: '', insightAsOf: null },
    formula: { version: 'default', ageCurve: 'LINEAR_DAYS', weights: {} },
    components: [component('TOPIC_ALERT', 5)],
  }
  showInbox([{ number: 1, daysAgo: 0, matchesTopicAlert: true, smartScore }])
  expect(await screen.findByRole('button', { name: 'Why it is here: topic alert' })).toBeTruthy()
})
