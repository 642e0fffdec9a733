import { act, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { aViewer, show } from '../../tests/kit.tsx'
import { SessionGate } from './gate.tsx'
import { useViewer } from './viewer.tsx'

function Inside() {
  const [written, write] = useState('')
  return (
    <>
      <p>{`Inside as ${useViewer().agent?.name ?? ''}`}</p>
      <input aria-label="Written" value={written} readOnly />
      <button onClick={() => write('Dear')}>Write</button>
    </>
  )
}

function showGate(at = '/inbox/7?whose=mine', viewer: unknown = aViewer) {
  const gate = (
    <SessionGate>
      <Inside />
    </SessionGate>
  )
  return show(gate, { at, answers: { viewer } })
}

test('who is logged in is let in, as who they are', async () => {
  showGate()
  expect(await screen.findByText('Inside as Maya Lindqvist')).toBeTruthy()
})

test('whose login ends is led to the login, which leads back to where they were', async () => {
  const { graph, router } = showGate()
  await screen.findByText(/^Inside/)
  act(() => graph.session.set(null))
  await waitFor(() => expect(router.state.location.pathname).toBe('/login'))
  expect(router.state.location.search).toEqual({ from: '/inbox/7?whose=mine' })
  expect(screen.queryByText(/^Inside/)).toBeNull()
})

test('from the first page the login leads nowhere in particular', async () => {
  const { graph, router } = showGate('/')
  await screen.findByText(/^Inside/)
  act(() => graph.session.set(null))
  await waitFor(() => expect(router.state.location.pathname).toBe('/login'))
  expect(router.state.location.search).toEqual({})
})

test('a login ends when its time is over, though nothing is asked', async () => {
  const { graph, router } = showGate()
  await screen.findByText(/^Inside/)
  const login = graph.session.current()
  act(() => {
    if (login) graph.session.set({ ...login, expiresAt: new Date(Date.now() + 300).toISOString() })
  })
  expect(screen.getByText(/^Inside/)).toBeTruthy()
  await waitFor(() => expect(router.state.location.pathname).toBe('/login'))
  expect(graph.session.reason()).toBe('EXPIRED')
})

test('a login for longer than a browser can wait is not taken for one that is over', async () => {
  const { graph } = showGate()
  await screen.findByText(/^Inside/)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(graph.session.current()?.expiresAt).toBe('2999-01-01T00:00:00Z')
})

test('where it is not known who one is, that is said, and tried again', async () => {
  let isAway = true
  const { user } = showGate('/inbox', () => {
    if (isAway) throw new Error('no answer')
    return aViewer
  })
  expect(await screen.findByRole('alert')).toBeTruthy()
  isAway = false
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('Inside as Maya Lindqvist')).toBeTruthy()
})

test('who logs in again goes on where they were; somebody else finds nothing of theirs', async () => {
  const { graph, user } = showGate()
  const written = async () => (await screen.findByLabelText('Written')).getAttribute('value')
  await user.click(await screen.findByRole('button', { name: 'Write' }))
  expect(await written()).toBe('Dear')
  const login = graph.session.current()
  act(() => {
    if (login) graph.session.set({ ...login, accessToken: 'renewed' })
  })
  expect(await written()).toBe('Dear')
  act(() => {
    if (login) graph.session.set({ ...login, email: 'theo@example.test' })
  })
  await waitFor(async () => expect(await written()).toBe(''))
})
