import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { NotificationBell } from './bell.tsx'

afterEach(() => void vi.restoreAllMocks())

const aNotification = (id: string, readAt: string | null = null) => ({
  __typename: 'Notification',
  id,
  kind: 'ESCALATION',
  text: `Ticket #${id} was escalated.`,
  createdAt: '2026-02-01T12:00:00Z',
  readAt,
  ticket: { __typename: 'Ticket', id: `ticket-${id}`, number: Number(id), subject: 'Refund not received' },
})

function showBell(nodes = [aNotification('2'), aNotification('1', '2026-02-01T13:00:00Z')], refuses = false) {
  const read: string[][] = []
  const unreadCount = nodes.filter(({ readAt }) => readAt === null).length
  const answers = {
    notifications: { nodes, unreadCount },
    markNotificationsRead: ({ input: { ids } }: { input: { ids: string[] } }) => {
      read.push(ids)
      const refused = { code: 'NOT_FOUND', message: 'It is not there.', path: [] }
      return { deletedId: null, userErrors: refuses ? [refused] : [] }
    },
  }
  return { read, ...show(<NotificationBell />, { answers }) }
}

const bell = (unread: number) =>
  screen.findByRole('button', { name: unread === 0 ? 'Notifications' : `Notifications, ${unread} unread` })
const list = () => screen.findByRole('dialog', { name: 'Notifications' })

test('the bell counts what is unread, and opens the list by a press and by its keys', async () => {
  const { user } = showBell()
  await user.click(await bell(1))
  expect(within(await list()).getAllByRole('listitem')).toHaveLength(2)
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  await user.keyboard('gn')
  expect(await list()).toBeTruthy()
})

test('what arrives is first, counted and read out, and once though it is told twice', async () => {
  const { live, user } = showBell()
  await user.click(await bell(1))
  await list()
  await waitFor(() => expect(live.running.size).toBe(1))
  live.emit('notificationReceived', aNotification('3'))
  live.emit('notificationReceived', aNotification('3'))
  await bell(2)
  expect(screen.getByText('New notification: Ticket #3 was escalated.').getAttribute('role')).toBe('status')
  const shown = within(await list()).getAllByRole('link')
  expect(shown.map(({ textContent }) => textContent)).toEqual([3, 2, 1].map((id) => `Ticket #${id} was escalated.`))
})

test('followed, it is read, leads to its ticket and closes the list', async () => {
  const { user, router, read } = showBell()
  await user.click(await bell(1))
  await user.click(within(await list()).getByRole('link', { name: 'Ticket #2 was escalated.' }))
  await waitFor(() => expect(router.state.location.pathname).toBe('/inbox/2'))
  expect(read).toEqual([['2']])
  expect(await bell(0)).toBeTruthy()
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('all are read at once, only those that were not', async () => {
  const { user, read } = showBell()
  await user.click(await bell(1))
  await user.click(await screen.findByRole('button', { name: 'Mark all read' }))
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Mark all read' })).toBeNull())
  expect(read).toEqual([['2']])
})

test('what the server refuses to mark is unread again', async () => {
  const { user } = showBell(undefined, true)
  await user.click(await bell(1))
  await user.click(await screen.findByRole('button', { name: 'Mark read' }))
  expect(await screen.findByText(/It is not there/)).toBeTruthy()
  expect(await bell(1)).toBeTruthy()
})

test('with nothing to tell it says what would be here', async () => {
  const { user } = showBell([])
  await user.click(await bell(0))
  expect(within(await list()).getByText(/Assignments, mentions, escalations/)).toBeTruthy()
})

test.each([
  { screenIs: 'wide', isSmall: false, side: 'right' },
  { screenIs: 'a telephone’s', isSmall: true, side: 'top' },
])(
  'where the screen is $screenIs the list opens at the $side of the bell, so that none of it is cut off',
  async (one) => {
    const { user } = showBell()
    const media = globalThis.matchMedia
    vi.spyOn(globalThis, 'matchMedia').mockImplementation((query) => ({ ...media(query), matches: one.isSmall }))
    // As on a screen: the list is placed by where the bell and the edges are.
    await user.click(await bell(1))
    expect((await list()).dataset['side']).toBe(one.side)
  },
)
