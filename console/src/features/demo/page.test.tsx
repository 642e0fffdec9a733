import { screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { aViewer, show } from '../../../tests/kit.tsx'
import { DemoModeContext } from '../../session/demo-mode.ts'
import { DemoPage } from './page.tsx'

const demoViewer = { ...aViewer, tenant: { ...aViewer.tenant, isDemo: true } }
const aTicket = (number: number, isDemo = true) => ({
  id: `t${number}`,
  number,
  subject: `Subject ${number}`,
  status: 'OPEN',
  isDemo,
  customer: { id: `c${number}`, name: `Customer ${number}` },
})

function showDemo({ viewer = demoViewer, nodes = [aTicket(1), aTicket(2)], answers = {} } = {}) {
  const asked: object[] = []
  const take = (payload: object) => (given: { input?: object }) => {
    asked.push({ ...given.input })
    return { userErrors: [], ...payload }
  }
  const all = {
    tickets: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
    advanceDemoClock: take({ tenant: { id: 'tenant-1' } }),
    addDemoMessage: take({ message: { id: 'm1' } }),
    resetDemoConversation: take({ ticket: aTicket(1) }),
    clearDemoData: take({ deletedId: null }),
    ...answers,
  }
  return { asked, ...show(<DemoPage />, { viewer, answers: all }) }
}

const part = (name: string) => screen.findByRole('region', { name })

test('in a real business nothing is played with; the local demo is offered', async () => {
  const start = vi.fn(() => Promise.resolve())
  const { user } = show(
    <DemoModeContext value={{ isOn: false, start, exit: () => {} }}>
      <DemoPage />
    </DemoModeContext>,
  )
  expect(await screen.findByText('Mugs & More is a real business')).toBeTruthy()
  expect(screen.queryByRole('region', { name: 'Clock' })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Start the local demo' }))
  expect(start).toHaveBeenCalledOnce()
})

test('the clock is moved, and how far it was moved adds up', async () => {
  const { user, asked } = showDemo()
  const clock = within(await part('Clock'))
  await user.click(clock.getByRole('button', { name: '+ 1 hour' }))
  await clock.findByText('The clock was moved forward by 1 h.')
  await waitFor(() => expect(clock.getByRole('button', { name: '+ 1 day' })).toHaveProperty('disabled', false))
  await user.click(clock.getByRole('button', { name: '+ 1 day' }))
  await clock.findByText('The clock was moved forward by 1 d 1 h.')
  expect(asked).toEqual([{ seconds: 3_600 }, { seconds: 86_400 }])
})

test('a clock that the server did not move is not said to be moved', async () => {
  const refused = { tenant: null, userErrors: [{ code: 'FORBIDDEN', message: 'You may not.', path: [] }] }
  const { user } = showDemo({ answers: { advanceDemoClock: refused } })
  await user.click(within(await part('Clock')).getByRole('button', { name: '+ 1 week' }))
  expect(await screen.findByText(/You may not/)).toBeTruthy()
  expect(screen.queryByText(/was moved forward/)).toBeNull()
})

test('who may neither move the clock nor remove tickets is told who may', async () => {
  showDemo({ viewer: { ...demoViewer, permissions: [] } })
  const clock = within(await part('Clock'))
  for (const button of clock.getAllByRole('button')) expect(button).toHaveProperty('disabled', true)
  expect(clock.getByText('Managers and administrators may move it.')).toBeTruthy()
  expect(screen.getByText('Administrators may remove them.')).toBeTruthy()
})

test('a customer is spoken for', async () => {
  const { user, asked } = showDemo({ nodes: [aTicket(1), aTicket(2), aTicket(3, false)] })
  const talk = within(await part('Conversation'))
  const tickets = talk.getByLabelText('Ticket')
  // What is no demo's is nobody's to play with.
  expect(within(tickets).getAllByRole('option')).toHaveLength(2)
  await user.selectOptions(tickets, 't2')
  await user.type(talk.getByLabelText('Message'), 'Where is it?')
  await user.click(talk.getByRole('button', { name: 'Say it' }))
  await talk.findByText('Customer 2 has written.', { exact: false })
  expect(talk.getByRole('link', { name: 'Open #2' }).getAttribute('href')).toBe('/inbox/2')
  expect(talk.getByLabelText('Message')).toHaveProperty('value', '')
  expect(asked).toEqual([{ ticketId: 't2', content: 'Where is it?', fromAgent: false }])
})

test('the team is spoken for', async () => {
  const { user, asked } = showDemo()
  const talk = within(await part('Conversation'))
  await user.click(talk.getByRole('radio', { name: 'The team' }))
  await user.type(talk.getByLabelText('Message'), 'On its way.')
  await user.click(talk.getByRole('button', { name: 'Say it' }))
  await talk.findByText('The team has said it.', { exact: false })
  expect(asked).toEqual([{ ticketId: 't1', content: 'On its way.', fromAgent: true }])
})

test('what cannot be said stays where it was written, with the reason', async () => {
  const refused = { message: null, userErrors: [{ code: 'TOO_LONG', message: 'It is too long.', path: ['content'] }] }
  const { user } = showDemo({ answers: { addDemoMessage: refused } })
  const talk = within(await part('Conversation'))
  await user.type(talk.getByLabelText('Message'), 'Long')
  await user.click(talk.getByRole('button', { name: 'Say it' }))
  expect(await talk.findByText('It is too long.')).toBeTruthy()
  expect(talk.getByLabelText('Message')).toHaveProperty('value', 'Long')
})

test('a ticket is put back as it was, once that is confirmed', async () => {
  const { user, asked } = showDemo()
  const talk = within(await part('Conversation'))
  await user.click(talk.getByRole('button', { name: 'Put back as it was…' }))
  expect(asked).toEqual([])
  await user.click(await screen.findByRole('button', { name: 'Put it back' }))
  await talk.findByText('#1 is as it was at first.', { exact: false })
  expect(asked).toEqual([{ ticketId: 't1' }])
})

test('all demo tickets are removed, once that is confirmed', async () => {
  const { user, asked } = showDemo()
  const all = within(await part('Demo tickets'))
  await user.click(all.getByRole('button', { name: 'Remove all demo tickets…' }))
  expect(asked).toEqual([])
  await user.click(await screen.findByRole('button', { name: 'Remove them' }))
  expect(await all.findByText('The demo tickets were removed.')).toBeTruthy()
  expect(asked).toHaveLength(1)
})

test('where there are none, the way to have them anew is said', async () => {
  showDemo({ nodes: [] })
  expect(await screen.findByText('There are no demo tickets')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Remove all demo tickets…' })).toHaveProperty('disabled', true)
})
