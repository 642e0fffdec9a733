import { act, screen, waitFor, within } from '@testing-library/react'
import { toast } from '../../shared/toast.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { aViewer, show } from '../../../tests/kit.tsx'
import { aTicket, at, done, later, maya, places, ravi, refused } from './side.test-kit.ts'
import { TicketToolbar } from './toolbar.tsx'

type Input = { input: Record<string, unknown> }

const shown = (answers: Record<string, unknown>, viewer = aViewer) =>
  show(<TicketToolbar ticketId="ticket-12" />, {
    answers: { ticket: aTicket(), ...places, ...answers },
    viewer,
    at: '/inbox/12',
  })

afterEach(() => void toast.dismiss())

describe('the toolbar of a ticket', () => {
  it('closes with E what was not answered since, and goes back to the inbox where no ticket follows', async () => {
    const setTicketStatus = vi.fn((_: Input) => done(aTicket({ status: 'CLOSED', closedAt: at(9) })))
    const { user, router } = shown({ setTicketStatus })
    await screen.findByRole('toolbar', { name: 'Ticket #12' })
    await user.keyboard('e')
    expect(await screen.findByText('#12 is done')).toBeDefined()
    expect(setTicketStatus.mock.calls[0]?.[0].input).toEqual({
      id: 'ticket-12',
      status: 'CLOSED',
      expectedRevision: 'r1',
    })
    await waitFor(() => expect(router.state.location.pathname).toBe('/inbox'))
  })

  it('says why it was not closed, shows it as it was, and stays', async () => {
    const answer = later<object>()
    const { user, router } = shown({ setTicketStatus: () => answer.promise })
    await user.click(await screen.findByRole('button', { name: 'Done' }))
    expect(await within(screen.getByRole('toolbar')).findByRole('button', { name: 'Reopen' })).toBeDefined()
    await act(async () => answer.resolve(refused('CONVERSATION_ADVANCED', 'advanced')))
    expect(await screen.findByText('The ticket was not closed')).toBeDefined()
    expect(screen.getByText(/Something was said since you looked/)).toBeDefined()
    expect(screen.getByRole('button', { name: 'Done' })).toBeDefined()
    expect(router.state.location.pathname).toBe('/inbox/12')
  })

  it('moves between its buttons with the arrows', async () => {
    const { user } = shown({})
    const first = await screen.findByRole('button', { name: 'Done' })
    first.focus()
    await user.keyboard('{ArrowRight}')
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Status: Open' }))
    await user.keyboard('{End}')
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'More' }))
  })

  it('assigns with A to whoever is typed, and takes it back where it is refused', async () => {
    const answer = later<object>()
    const assignTicket = vi.fn((_: Input) => answer.promise)
    const { user } = shown({ assignTicket })
    await screen.findByRole('toolbar')
    await user.keyboard('a')
    const list = await screen.findByRole('dialog', { name: 'Assign' })
    expect(await within(list).findByRole('option', { name: /Ravi Menon.*busy.*4 of 10/ })).toBeDefined()
    await user.type(within(list).getByRole('combobox'), 'ravi{Enter}')
    expect(await screen.findByRole('button', { name: 'Assignee: Ravi Menon' })).toBeDefined()
    expect(assignTicket.mock.calls[0]?.[0].input).toEqual({ id: 'ticket-12', agentId: 'agent-ravi' })
    await act(async () => answer.resolve(refused('FORBIDDEN', 'This needs the permission ticket:assign.')))
    expect(await screen.findByText('The ticket was not given to Ravi Menon')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Assignee: Nobody' })).toBeDefined()
  })

  it('keeps what is no choice out of the lists of choices, where it would be unheard', async () => {
    const { user } = shown({})
    await screen.findByRole('toolbar')
    for (const [name, text] of [
      ['Assign', 'Nobody is called that.'],
      ['Tags', 'Type a tag.'],
    ] as const) {
      await user.click(screen.getByRole('button', { name: name === 'Tags' ? 'Tags' : 'Assignee: Nobody' }))
      const panel = within(await screen.findByRole('dialog', { name }))
      if (name === 'Assign') await user.type(panel.getByRole('combobox'), 'zzz')
      expect(await panel.findByText(text)).toBeDefined()
      expect(panel.getByRole('listbox').textContent).not.toContain(text)
      await user.keyboard('{Escape}')
    }
  })

  it('says whom automatic assignment chose and why', async () => {
    const autoAssignTicket = () => ({ ...done(aTicket({ assignee: ravi })), explanation: 'Ravi has most room.' })
    const { user } = shown({ autoAssignTicket })
    await user.click(await screen.findByRole('button', { name: 'Assignee: Nobody' }))
    await user.click(await screen.findByRole('option', { name: /Automatic/ }))
    expect(await screen.findByText('Ravi has most room.')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Assignee: Ravi Menon' })).toBeDefined()
  })

  it('snoozes with S until a time that one often means, and offers to wake it', async () => {
    const snoozeTicket = vi.fn(({ input }: Input) =>
      done(aTicket({ status: 'PENDING', waitingOn: 'SNOOZE', snoozedUntil: input['until'] })),
    )
    const { user } = shown({ snoozeTicket })
    await screen.findByRole('toolbar')
    await user.keyboard('s')
    await user.click(await screen.findByRole('button', { name: /In 3 hours/ }))
    expect(await screen.findByText(/#12 sleeps until/)).toBeDefined()
    const until = Date.parse(String(snoozeTicket.mock.calls[0]?.[0].input['until']))
    expect(Math.abs(until - Date.now() - 3 * 3_600_000)).toBeLessThan(120_000)
    expect(screen.getByRole('button', { name: 'Status: Snoozed' })).toBeDefined()
    expect(screen.getByRole('button', { name: 'Wake it' })).toBeDefined()
  })

  it('tells what a machine tagged and how sure it was, removes it at once, and brings it back where it is refused', async () => {
    const answer = later<object>()
    const { user } = shown({ untagTicket: () => answer.promise })
    const facts = await screen.findByRole('list', { name: 'About this ticket' })
    expect(within(facts).getByText('Added by The model Triage, 82% sure')).toBeDefined()
    await user.click(within(facts).getByRole('button', { name: 'Remove the tag refund' }))
    await waitFor(() => expect(screen.queryByText('refund')).toBeNull())
    await act(async () => answer.resolve(refused('FORBIDDEN', 'Take the ticket first: it is nobody’s.')))
    expect(await screen.findByText('Take the ticket first: it is nobody’s.')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Remove the tag refund' })).toBeDefined()
  })

  it('takes a planned follow-up back at once', async () => {
    const followUpAt = '2026-11-23T09:00:00.000Z'
    const cancelFollowUp = vi.fn((_: Input) => done(aTicket()))
    const { user } = shown({ ticket: aTicket({ assignee: maya, followUpAt }), cancelFollowUp })
    await user.click(await screen.findByRole('button', { name: 'Take the follow-up back' }))
    await waitFor(() => expect(screen.queryByText(/^Follow-up/)).toBeNull())
    expect(cancelFollowUp.mock.calls[0]?.[0]).toEqual({ input: { id: 'ticket-12' } })
  })

  it('hands on to a team with a note and a time of return', async () => {
    const transferTicket = vi.fn((_: Input) => done(aTicket({ team: { id: 'team-1', name: 'Billing' } })))
    const { user } = shown({ transferTicket })
    await user.click(await screen.findByRole('button', { name: 'More' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Hand on …' }))
    const dialog = await screen.findByRole('dialog', { name: 'Hand on #12' })
    const send = within(dialog).getByRole('button', { name: 'Hand on' })
    expect(send).toHaveProperty('disabled', true)
    await user.selectOptions(within(dialog).getByRole('combobox', { name: 'Team' }), 'Billing')
    await user.type(within(dialog).getByRole('textbox', { name: /Why/ }), 'They know the bank.')
    await user.click(within(dialog).getByRole('button', { name: 'In 3 hours' }))
    await user.click(send)
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'More' })))
    const { returnAt, ...input } = transferTicket.mock.calls[0]?.[0].input ?? {}
    expect(input).toEqual({ id: 'ticket-12', toTeamId: 'team-1', note: 'They know the bank.' })
    expect(Date.parse(String(returnAt))).toBeGreaterThan(Date.now())
  })

  it('says what a merge does before it is done, offers only the same customer’s, and shows why it was refused', async () => {
    const other = (id: string, number: number, customer: string) => ({
      ...aTicket({ id, number, subject: 'Again', customer: { id: customer, name: customer } }),
    })
    const { user, router } = shown({
      searchTickets: { nodes: [other('t13', 13, 'customer-1'), other('t14', 14, 'somebody')] },
      mergeTickets: () => refused('CONFLICT', 'It became part of another ticket already.'),
    })
    await user.click(await screen.findByRole('button', { name: 'More' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Merge into another ticket …' }))
    const dialog = await screen.findByRole('dialog', { name: /Merge #12/ })
    await user.type(within(dialog).getByRole('searchbox'), 'again')
    expect(await within(dialog).findByRole('radio', { name: /#14/ })).toHaveProperty('disabled', true)
    await user.click(within(dialog).getByRole('radio', { name: /#13/ }))
    expect(within(dialog).getByText(/move to #13 “Again”. #12 is closed for good/)).toBeDefined()
    await user.click(within(dialog).getByRole('button', { name: 'Merge into #13' }))
    expect(await within(dialog).findByRole('alert')).toHaveProperty(
      'textContent',
      'It became part of another ticket already.',
    )
    expect(router.state.location.pathname).toBe('/inbox/12')
  })

  it('splits chosen messages off, but not all of them', async () => {
    const message = (id: string, content: string) => ({
      id,
      content,
      authorName: 'Zoe',
      createdAt: at(1),
      fromAgent: false,
    })
    const ticket = aTicket({
      messages: { nodes: [message('m1', 'One'), message('m2', 'Two')], pageInfo: { hasNextPage: false } },
    })
    const splitTicket = vi.fn((_: Input) => done(aTicket({ id: 'ticket-20', number: 20, subject: 'The other matter' })))
    const { user, router } = shown({ ticket, splitTicket })
    await user.click(await screen.findByRole('button', { name: 'More' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Split messages off …' }))
    const dialog = await screen.findByRole('dialog', { name: /Split messages off/ })
    await user.type(within(dialog).getByRole('textbox', { name: /Subject/ }), 'The other matter')
    await user.click(await within(dialog).findByRole('checkbox', { name: /One/ }))
    await user.click(within(dialog).getByRole('checkbox', { name: /Two/ }))
    expect(within(dialog).getByRole('button', { name: 'Split off 2' })).toHaveProperty('disabled', true)
    await user.click(within(dialog).getByRole('checkbox', { name: /One/ }))
    await user.click(within(dialog).getByRole('button', { name: 'Split off 1' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/inbox/20'))
    expect(splitTicket.mock.calls[0]?.[0].input).toEqual({
      id: 'ticket-12',
      messageIds: ['m2'],
      subject: 'The other matter',
    })
  })

  it('shows an agent who may only take nobody’s tickets nothing else', async () => {
    const viewer = { ...aViewer, permissions: ['ticket:read_own', 'ticket:update_own', 'ticket:take'] }
    const { user } = shown({}, viewer)
    await user.click(await screen.findByRole('button', { name: 'Assignee: Nobody' }))
    expect(await screen.findByRole('option', { name: 'Me' })).toBeDefined()
    expect(screen.getAllByRole('option')).toHaveLength(1)
    for (const name of ['Done', 'Snooze', 'More', 'Status: Open', 'Remove the tag refund'])
      expect(screen.queryByRole('button', { name, hidden: true })).toBeNull()
  })

  it('offers to delete only to who may, and asks first', async () => {
    const deleteTicket = vi.fn((_: Input) => ({ deletedId: 'ticket-12', userErrors: [] }))
    const { user, router } = shown({ deleteTicket, ticket: aTicket({ assignee: maya }) })
    await user.click(await screen.findByRole('button', { name: 'More' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Delete …' }))
    const dialog = await screen.findByRole('dialog', { name: 'Delete #12?' })
    expect(deleteTicket).not.toHaveBeenCalled()
    await user.click(within(dialog).getByRole('button', { name: 'Delete' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/inbox'))
  })
})
