import { useQuery } from '@apollo/client/react'
import { act, screen, waitFor } from '@testing-library/react'
import { GraphQLError } from 'graphql'
import { expect, test, vi } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { ShellIntelligenceProbeDocument } from '../generated/Shell.ts'
import { DemoModeContext } from '../../session/demo-mode.ts'
import { Banners } from './banners.tsx'
import { useServiceReturn } from './service-return.ts'

/** The kit's own `act` needs to be told that this is a test. */
function inAct(change: () => void) {
  Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true)
  change()
  Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', false)
}

const notices = () => screen.findByRole('status', { name: 'Notices' })

test('a lost connection is told with the way to try again, and that it is back', async () => {
  const { live, user, graph } = show(<Banners />)
  await notices()
  const tryNow = vi.spyOn(graph.live, 'tryNow')
  inAct(() => live.setStatus({ state: 'waiting', nextTryAt: new Date(Date.now() + 20_000) }))
  expect(await screen.findByText('The connection is lost.')).toBeDefined()
  expect(screen.getByText(/Next try in \d+ s/).getAttribute('aria-hidden')).toBe('true')
  await user.click(screen.getByRole('button', { name: 'Try now' }))
  expect(tryNow).toHaveBeenCalled()
  inAct(() => live.setStatus({ state: 'live' }))
  expect(await screen.findByText('Connection is back; nothing was missed.')).toBeDefined()
})

test('offline is told of, and back online nobody waits for the next try', async () => {
  const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  const { graph } = show(<Banners />)
  expect(await screen.findByText('This computer is offline.')).toBeDefined()
  const tryNow = vi.spyOn(graph.live, 'tryNow')
  onLine.mockReturnValue(true)
  act(() => void window.dispatchEvent(new Event('online')))
  expect(tryNow).toHaveBeenCalled()
  expect(screen.queryByText('This computer is offline.')).toBeNull()
  onLine.mockRestore()
})

function Insight() {
  const { data } = useQuery(ShellIntelligenceProbeDocument)
  useServiceReturn(1)
  return <p>{data?.archetypes ? 'There it is' : 'Missing'}</p>
}

test('insight that is away is told of, asked for again, and shown when it is back', async () => {
  let isAway = true
  const { graph } = show(
    <>
      <Banners />
      <Insight />
    </>,
    {
      answers: {
        archetypes: () => {
          if (!isAway) return [{ id: 'a' }]
          const extensions = { code: 'SUBGRAPH_UNAVAILABLE', service: 'intelligence' }
          throw new GraphQLError('away', { extensions })
        },
      },
    },
  )
  await screen.findByText('Missing')
  act(() => graph.services.heard([{ code: 'SUBGRAPH_UNAVAILABLE', message: 'away', service: 'intelligence' }]))
  expect(await screen.findByText('Customer insight is away.')).toBeDefined()
  isAway = false
  expect(await screen.findByText('There it is')).toBeDefined()
  await waitFor(() => expect(screen.queryByText('Customer insight is away.')).toBeNull())
})

test('after a release one is asked to reload', async () => {
  const { graph } = show(<Banners />)
  await notices()
  act(() => graph.services.heard([{ code: 'PERSISTED_QUERY_ONLY', message: 'no' }]))
  expect(await screen.findByRole('button', { name: 'Reload' })).toBeDefined()
})

test('a file that is gone asks for a reload where there is a connection; without one it says nothing of releases', async () => {
  const { live } = show(<Banners />)
  await notices()
  inAct(() => live.setStatus({ state: 'connecting' } as never))
  act(() => void window.dispatchEvent(new Event('vite:preloadError')))
  expect(screen.queryByRole('button', { name: 'Reload' })).toBeNull()
  inAct(() => live.setStatus({ state: 'live' }))
  act(() => void window.dispatchEvent(new Event('vite:preloadError')))
  expect(await screen.findByRole('button', { name: 'Reload' })).toBeDefined()
})

test('a login that ends soon can be kept without leaving', async () => {
  const logins: unknown[] = []
  const { graph, user } = show(<Banners />, {
    answers: {
      login: ({ input }: { input: { password: string } }) => {
        logins.push(input)
        return input.password === 'right'
          ? { accessToken: 'new', expiresAt: '2999-01-01T00:00:00Z', userErrors: [] }
          : { accessToken: null, expiresAt: null, userErrors: [{ code: 'INVALID', message: 'It is wrong.' }] }
      },
    },
  })
  await notices()
  const login = graph.session.current()
  const expiresAt = new Date(Date.now() + 300_000).toISOString()
  act(() => {
    if (login) graph.session.set({ ...login, expiresAt })
  })
  await user.click(await screen.findByRole('button', { name: 'Stay logged in' }))
  const password = await screen.findByLabelText('Password', {}, { timeout: 10_000 })
  await user.type(password, 'nope{Enter}')
  expect(await screen.findByText('It is wrong.')).toBeDefined()
  await user.clear(password)
  await user.type(password, 'right{Enter}')
  await waitFor(() => expect(graph.session.current()?.accessToken).toBe('new'))
  expect(logins).toHaveLength(2)
  expect(screen.queryByRole('button', { name: 'Stay logged in' })).toBeNull()
})

test('the local demo says so, and can be left', async () => {
  const exit = vi.fn()
  const { user } = show(
    <DemoModeContext value={{ isOn: true, start: async () => {}, exit }}>
      <Banners />
    </DemoModeContext>,
  )
  expect(await screen.findByText(/nothing leaves this browser/)).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Leave the demo' }))
  expect(exit).toHaveBeenCalled()
})
