import { act, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { aViewer, show } from '../../../tests/kit.tsx'
import { aDraft, aMessage, aTicket } from './test-kit.ts'
import { TicketPage } from './page.tsx'

// What stands beside the conversation has tests of its own.
vi.mock('../ticket-side/toolbar.tsx', () => ({ TicketToolbar: () => null }))
vi.mock('../ticket-side/side.tsx', () => ({ TicketSide: () => <p>Side</p> }))
vi.mock('../customer/panel.tsx', () => ({ CustomerPanel: () => <p>Customer</p> }))

const kept = new Map<string, unknown>()
vi.mock('idb-keyval', () => ({
  entries: async () => [...kept],
  set: async (key: string, value: unknown) => void kept.set(key, value),
  del: async (key: string) => void kept.delete(key),
}))
beforeEach(() => kept.clear())
afterEach(() => vi.restoreAllMocks())

type Answers = Record<string, unknown>
const quiet = { deletedId: 'draft-1', userErrors: [] }

function open(answers: Answers = {}) {
  const sendMessage = vi.fn(({ input }: { input: { content: string } }) => ({
    message: aMessage({ id: 'sent', content: input.content, fromAgent: true }),
    userErrors: [],
  }))
  const shown = show(<TicketPage number={12} />, {
    at: '/inbox/12',
    answers: {
      ticketByNumber: () => aTicket(),
      setPresence: () => ({ viewers: [], userErrors: [] }),
      recordDraftUse: () => quiet,
      recordOutcome: () => ({ accepted: 1, duplicates: 0, updated: 0, userErrors: [] }),
      sendMessage,
      ...answers,
    },
  })
  return { ...shown, sendMessage }
}

const emit = (live: ReturnType<typeof show>['live'], field: string, value: unknown) =>
  act(() => void live.emit(field, value))
const reply = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Reply' })
const drafted = async () => {
  const field = await reply()
  await waitFor(() => expect(field).toHaveProperty('value', aDraft().content))
  return field
}

describe('a ticket', () => {
  test('is sent with the draft in two steps: opened, and ⌘↵', async () => {
    const { user, sendMessage } = open()
    const field = await drafted()
    expect(screen.getByText(/92% sure, written by the built-in writer/)).toBeTruthy()
    await user.keyboard('{Control>}{Enter}{/Control}')
    const log = screen.getByRole('log', { name: 'Conversation' })
    await within(log).findByRole('article', { name: /Reply from Maya/ })
    expect(sendMessage.mock.calls[0]?.[0].input).toMatchObject({
      ticketId: 'ticket-12',
      content: aDraft().content,
      draftId: 'draft-1',
      expectedRevision: 'r1',
    })
    expect(field).toHaveProperty('value', '')
  })

  test('brings a reply back that is undone', async () => {
    const recallMessage = vi.fn(() => ({
      message: aMessage({ id: 'sent', fromAgent: true, status: 'RECALLED' }),
      userErrors: [],
    }))
    const { user } = open({ recallMessage })
    const field = await drafted()
    await user.type(field, ' Bye!')
    await user.click(screen.getByRole('button', { name: 'Send' }))
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(field).toHaveProperty('value', `${aDraft().content} Bye!`))
    expect(recallMessage).toHaveBeenCalledOnce()
  })

  test('says when a reply is too late to be undone', async () => {
    const refused = { userErrors: [{ code: 'INVALID_TRANSITION', message: 'Too late.' }] }
    const { user } = open({ recallMessage: () => refused })
    await drafted()
    await user.click(screen.getByRole('button', { name: 'Send' }))
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    await screen.findByText('It is too late: the reply is on its way.')
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull()
  })

  test('keeps the text of a reply that was refused, and says why', async () => {
    const { user } = open({
      sendMessage: () => ({ userErrors: [{ code: 'FORBIDDEN', message: 'The ticket is not yours.' }] }),
    })
    const field = await drafted()
    await user.click(screen.getByRole('button', { name: 'Send' }))
    await screen.findByText('Not sent. The ticket is not yours.')
    expect(field).toHaveProperty('value', aDraft().content)
  })

  test('shows what was said when the conversation advanced, and sends on it only when told to', async () => {
    const missed = aMessage({ id: 'm2', content: 'Never mind, I found it.' })
    const sendMessage = vi
      .fn()
      .mockReturnValueOnce({
        userErrors: [{ code: 'CONVERSATION_ADVANCED', message: 'Something was said.' }],
        missed: [
          {
            id: 'e1',
            type: 'MESSAGE_RECEIVED',
            occurredAt: '2026-03-01T11:00:00Z',
            message: missed,
            ticket: aTicket({ conversationRevision: 'r2' }),
          },
        ],
      })
      .mockReturnValue({ message: aMessage({ id: 'sent', fromAgent: true }), userErrors: [] })
    const { user } = open({ sendMessage })
    const field = await drafted()
    await user.type(field, ' And more.')
    await user.keyboard('{Control>}{Enter}{/Control}')
    const banner = await screen.findByRole('alert', { name: 'Said meanwhile' })
    expect(within(banner).getByText(/Never mind, I found it/)).toBeTruthy()
    expect(field).toHaveProperty('value', `${aDraft().content} And more.`)
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(sendMessage).toHaveBeenCalledOnce()
    await user.click(within(banner).getByRole('button', { name: 'Send anyway' }))
    await waitFor(() => expect(sendMessage).toHaveBeenCalledTimes(2))
    expect(sendMessage.mock.calls[1]?.[0].input).toMatchObject({ expectedRevision: 'r2' })
  })

  test('keeps a reply that could not be sent, and shows what changed when it is overtaken', async () => {
    const sendMessage = vi
      .fn()
      .mockImplementationOnce(() => {
        throw new Error('away')
      })
      .mockReturnValue({
        userErrors: [{ code: 'CONVERSATION_ADVANCED', message: 'Something was said.' }],
        missed: [
          {
            id: 'e1',
            type: 'MESSAGE_RECEIVED',
            occurredAt: '2026-03-01T11:00:00Z',
            message: aMessage({ id: 'm2', content: 'Where are you?' }),
            ticket: aTicket({ conversationRevision: 'r2' }),
          },
        ],
      })
    const { user, live } = open({ sendMessage })
    await drafted()
    await user.click(screen.getByRole('button', { name: 'Send' }))
    await screen.findByText('Waiting to be sent')
    expect(kept.size).toBe(1)
    act(() => void live.setStatus({ state: 'live' }))
    const conflict = await screen.findByRole('region', { name: 'A reply that was not sent' })
    expect(within(conflict).getByText('Mei Brown: Where are you?').tagName).toBe('INS')
    expect(sendMessage.mock.calls[1]?.[0].input.idempotencyKey).toBe(
      sendMessage.mock.calls[0]?.[0].input.idempotencyKey,
    )
    await user.click(within(conflict).getByRole('button', { name: 'Discard' }))
    await waitFor(() => expect(kept.size).toBe(0))
  })

  test('keeps what a person wrote through a reload, for them alone', async () => {
    const first = open()
    await first.user.clear(await drafted())
    await first.user.type(await reply(), 'My own words')
    first.unmount()
    const again = open()
    await waitFor(async () => expect(await reply()).toHaveProperty('value', 'My own words'))
    expect(screen.getByText('What you had written is back.')).toBeTruthy()
    again.unmount()
    const other = { ...aViewer, agent: { ...aViewer.agent, id: 'agent-sam' } } as typeof aViewer
    show(<TicketPage number={12} />, {
      viewer: other,
      answers: { ticketByNumber: () => aTicket({ draft: null }), setPresence: () => ({ viewers: [], userErrors: [] }) },
    })
    expect(await reply()).toHaveProperty('value', '')
  })

  test('says that the assistant is away, and lets one write', async () => {
    const draft = () => {
      throw new Error('away')
    }
    const { user, sendMessage } = open({ ticketByNumber: () => aTicket({ draft }) })
    await screen.findByText(/the assistant is away/)
    await user.type(await reply(), 'By hand')
    await user.click(screen.getByRole('button', { name: 'Send' }))
    await waitFor(() => expect(sendMessage).toHaveBeenCalledOnce())
    expect(sendMessage.mock.calls[0]?.[0].input).not.toHaveProperty('draftId')
  })

  test('shows who else writes, live', async () => {
    const { live } = open()
    await drafted()
    const sam = { __typename: 'Agent', id: 'agent-sam', name: 'Sam Okafor' }
    emit(live, 'presenceChanged', [
      { __typename: 'Presence', activity: 'TYPING', since: '2026-03-01T10:00:00Z', agent: sam },
    ])
    expect(screen.getAllByText(/Sam Okafor is typing a reply/).length).toBeGreaterThan(0)
  })

  test('writes a note that tells a colleague', async () => {
    const addNote = vi.fn(({ input }: { input: { content: string } }) => ({
      note: {
        id: 'n1',
        content: input.content,
        createdAt: '2026-03-01T12:00:00Z',
        author: { __typename: 'Agent', id: 'agent-maya', name: 'Maya' },
        mentions: [],
      },
      userErrors: [],
    }))
    const agents = { nodes: [{ id: 'agent-sam', name: 'Sam Okafor', role: 'AGENT' }], edges: [] }
    const { user } = open({ addNote, agents })
    await drafted()
    await user.keyboard('n')
    await user.type(await screen.findByRole('textbox', { name: 'Note' }), 'Please look @sa')
    await screen.findByRole('option', { name: /Sam Okafor/, selected: true })
    await user.keyboard('{Enter}')
    await user.keyboard('{Control>}{Enter}{/Control}')
    await screen.findByRole('article', { name: 'Note from Maya' })
    expect(addNote.mock.calls[0]?.[0].input).toMatchObject({
      content: 'Please look @Sam Okafor ',
      mentionIds: ['agent-sam'],
    })
  })

  test('streams another draft, which can be stopped, and keeps the person’s text within reach', async () => {
    const { user, live } = open()
    const field = await drafted()
    await user.clear(field)
    await user.type(field, 'Mine')
    await user.click(screen.getByRole('button', { name: 'Write the draft anew' }))
    emit(live, 'draftStream', { text: 'Dear ', done: false, draft: null })
    expect(field).toHaveProperty('value', 'Dear ')
    expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true)
    await user.click(screen.getByRole('button', { name: 'Stop' }))
    expect(field).toHaveProperty('value', 'Mine')
    await user.click(screen.getByRole('button', { name: 'Write the draft anew' }))
    emit(live, 'draftStream', { text: 'Dear Mei.', done: true, draft: aDraft({ id: 'draft-2', content: 'Dear Mei.' }) })
    expect(field).toHaveProperty('value', 'Dear Mei.')
    await user.click(screen.getByRole('button', { name: 'Bring my text back' }))
    expect(field).toHaveProperty('value', 'Mine')
  })

  test('says that there is no such ticket', async () => {
    open({ ticketByNumber: () => null })
    expect(await screen.findByText('There is no ticket #12')).toBeTruthy()
  })

  test('leads to the ticket that it became part of', async () => {
    open({ ticketByNumber: () => aTicket({ mergedInto: { id: 't13', number: 13, subject: 'Other' } }) })
    expect(await screen.findByRole('link', { name: '#13' })).toBeTruthy()
    expect(screen.queryByRole('textbox', { name: 'Reply' })).toBeNull()
  })

  test('says that it was deleted meanwhile', async () => {
    const { live } = open()
    await drafted()
    emit(live, 'ticketUpdated', { type: 'TICKET_DELETED', message: null, note: null, ticket: null })
    expect(screen.getByRole('heading', { name: 'Ticket #12 was deleted' })).toBeTruthy()
  })
})
