import { screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { aViewer, show } from '../../tests/kit.tsx'
import { DemoModeContext } from '../session/demo-mode.ts'
import { SessionGate } from '../session/gate.tsx'
import { AgentMenu } from './agent-menu.tsx'

type Given = { status: string; acceptsNewTickets: boolean }

function showMenu(refuses = false) {
  const asked: Given[] = []
  const answers = {
    viewer: aViewer,
    setAgentStatus: ({ input }: { input: Given }) => {
      asked.push({ ...input })
      if (refuses) return { agent: null, userErrors: [{ code: 'FORBIDDEN', message: 'You may not.', path: [] }] }
      return { agent: { ...aViewer.agent, ...input }, userErrors: [] }
    },
    logout: { userErrors: [] },
  }
  // Behind the gate, as the menu shows what the cache has of oneself.
  const header = (
    <header>
      <SessionGate>
        <AgentMenu />
      </SessionGate>
    </header>
  )
  return { asked, ...show(header, { answers }) }
}

const me = (status: string) => screen.findByRole('button', { name: `You: Maya Lindqvist, ${status}` })
const choice = (name: string) => screen.findByRole('menuitemradio', { name })

test('says who one is, of which business, and as what one is seen', async () => {
  const { user } = showMenu()
  await user.click(await me('online'))
  expect(await screen.findByText('maya@example.test')).toBeTruthy()
  expect(screen.getByText('Mugs & More')).toBeTruthy()
  expect((await choice('Online')).getAttribute('aria-checked')).toBe('true')
  // The server alone says that somebody is offline.
  expect(screen.queryByRole('menuitemradio', { name: 'Offline' })).toBeNull()
})

test('another status is told to the server with what stays, and shown', async () => {
  const { user, asked } = showMenu()
  await user.click(await me('online'))
  await user.click(await choice('Busy'))
  expect(await me('busy')).toBeTruthy()
  expect(asked).toEqual([{ status: 'BUSY', acceptsNewTickets: true }])
})

test('no new tickets are taken once one says so', async () => {
  const { user, asked } = showMenu()
  await user.click(await me('online'))
  await user.click(await screen.findByRole('menuitemcheckbox', { name: 'Take new tickets', checked: true }))
  await waitFor(() => expect(asked).toEqual([{ status: 'ONLINE', acceptsNewTickets: false }]))
})

test('a status that is refused is taken back, with the reason', async () => {
  const { user } = showMenu(true)
  await user.click(await me('online'))
  await user.click(await choice('Away'))
  expect(await screen.findByText(/You may not/)).toBeTruthy()
  expect(await me('online')).toBeTruthy()
})

test('the theme is chosen, and kept', async () => {
  const { user } = showMenu()
  await user.click(await me('online'))
  await user.click(await choice('Dark'))
  await waitFor(() => expect(localStorage.getItem('quimbi.theme')).toBe('"dark"'))
  await user.click(await me('online'))
  expect((await choice('Dark')).getAttribute('aria-checked')).toBe('true')
})

test('leads to the profile', async () => {
  const { user, router } = showMenu()
  await user.click(await me('online'))
  await user.click(await screen.findByRole('menuitem', { name: 'Profile' }))
  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/profile'))
})

test('logs out here and there', async () => {
  const { user, graph, router } = showMenu()
  await user.click(await me('online'))
  await user.click(await screen.findByRole('menuitem', { name: 'Log out' }))
  await waitFor(() => expect(graph.session.current()).toBeNull())
  expect(graph.session.reason()).toBe('SIGNED_OUT')
  await waitFor(() => expect(router.state.location.pathname).toBe('/login'))
})

test('in the local demo the way out leads back, and logs nobody out', async () => {
  const exit = vi.fn()
  const { user, graph } = show(
    <DemoModeContext value={{ isOn: true, start: async () => {}, exit }}>
      <header>
        <AgentMenu />
      </header>
    </DemoModeContext>,
  )
  await user.click(await me('online'))
  await user.click(await screen.findByRole('menuitem', { name: 'Leave the demo' }))
  expect(exit).toHaveBeenCalledOnce()
  expect(graph.session.current()).not.toBeNull()
})
