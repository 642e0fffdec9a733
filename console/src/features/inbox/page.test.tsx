import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { anEvent, aTicket, idOf, showInbox, type Told } from './inbox-kit.tsx'

afterEach(() => void vi.restoreAllMocks())

const three: Told[] = [
  { number: 1, daysAgo: 3 },
  { number: 2, daysAgo: 2 },
  { number: 3, daysAgo: 1 },
]

const rows = (): string[] =>
  screen.getAllByRole('listitem').flatMap((item) => {
    const link = within(item).queryByRole('link')
    return link ? [/Subject \d+/.exec(link.textContent ?? '')?.[0].slice(8) ?? ''] : []
  })
const row = (number: number) =>
  screen.findByRole('link', { name: new RegExp(`Customer ${number}:\\s?Subject ${number}$`) })
const list = () => screen.getByRole('list', { name: 'Tickets, the most pressing first' })
const scroller = () => list().parentElement as HTMLElement
const address = (shown: ReturnType<typeof showInbox>) => shown.router.state.location

describe('the inbox', () => {
  it('shows tickets in the server’s order, and counts them; there is nothing to sort by', async () => {
    showInbox(three)
    await row(1)
    expect(rows()).toEqual(['1', '2', '3'])
    expect(screen.getByText('3 waiting')).toBeTruthy()
    expect(screen.getByRole('heading', { level: 1, name: 'Inbox' })).toBeTruthy()
    expect(document.title).toBe('(3) Inbox · Quimbi')
    expect(screen.queryByRole('combobox', { name: /sort|order/i })).toBeNull()
    const [first] = screen.getAllByRole('listitem', { name: '' }).filter((item) => within(item).queryByRole('link'))
    expect(first?.getAttribute('aria-posinset')).toBe('1')
    expect(first?.getAttribute('aria-setsize')).toBe('3')
  })

  it('says why each is here; pressed, every part, which add up', async () => {
    const { user } = showInbox([{ number: 1, daysAgo: 3.26 }])
    await user.click(
      await screen.findByRole('button', { name: 'Why it is here: urgent, waiting 3 d, churn risk high' }),
    )
    const dialog = await screen.findByRole('dialog', { name: 'Why this ticket is here' })
    const figures = within(dialog)
      .getAllByRole('cell')
      .map((cell) => Math.round(Number(cell.textContent?.replace('−', '-')) * 10))
    const sum = figures.pop()
    expect(figures.reduce((all, one) => all + one, 0)).toBe(sum)
    expect(sum).toBe(96)
    expect(within(dialog).getByText('URGENCY explained.')).toBeTruthy()
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('says when nothing waits, and that filters may be why', async () => {
    const { user, router } = showInbox([])
    expect(await screen.findByText('Nothing waits for you')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Mine' }))
    expect(await screen.findByText('Nothing waits here')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Show all tickets' }))
    expect(await screen.findByText('Nothing waits for you')).toBeTruthy()
    expect(router.state.location.search).toEqual({})
  })

  it('says what failed, and tries again when asked to', async () => {
    let isAway = true
    const shown = showInbox(three)
    shown.unmount()
    const { user } = showInbox(three, {
      answers: {
        inbox: (given: never) => {
          if (isAway) throw new Error('Away')
          return shown.server.inbox(given)
        },
      },
    })
    expect(await screen.findByText('The inbox could not be loaded')).toBeTruthy()
    isAway = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await row(1)).toBeTruthy()
  })

  it('reads a long list page by page', async () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ number: index + 1, daysAgo: 9 - index }))
    const { server } = showInbox(many, {}, 3)
    expect(await row(7)).toBeTruthy()
    expect(rows()).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    expect(server.asked.map(({ after }) => after ?? null)).toEqual([null, '3', '6'])
    expect(screen.getByText('That is all.')).toBeTruthy()
  })
})

describe('live', () => {
  it('moves, inserts and takes away as the server tells', async () => {
    const { tell } = showInbox(three)
    await row(1)
    tell(anEvent({ number: 3, daysAgo: 9 }))
    await waitFor(() => expect(rows()).toEqual(['3', '1', '2']))
    tell(anEvent({ number: 4, daysAgo: 2.5 }, 'TICKET_CREATED'))
    await waitFor(() => expect(rows()).toEqual(['3', '1', '4', '2']))
    tell(anEvent(null, 'LEFT_VIEW', idOf(1)))
    tell(anEvent({ number: 2, daysAgo: 2, status: 'CLOSED' }, 'STATUS_CHANGED'))
    await waitFor(() => expect(rows()).toEqual(['3', '4']))
    // The row says its status at once; the count follows with the frame that drops it from the order.
    expect(await screen.findByText('2 waiting')).toBeTruthy()
  })

  it('follows the filter from the position of what is shown', async () => {
    const { live } = showInbox(three, { at: '/inbox?whose=nobody&channel=CHAT' })
    await row(1)
    await waitFor(() => expect(live.running.size).toBe(1))
    const [running] = live.running
    expect(running?.variables).toEqual({ filter: { status: ['OPEN'], unassigned: true, channel: ['CHAT'] } })
  })

  it('reads the list afresh when it cannot be continued', async () => {
    const { live, server } = showInbox(three)
    await row(1)
    await waitFor(() => expect(live.running.size).toBe(1))
    server.tickets.push({ number: 4, daysAgo: 8 })
    const [running] = live.running
    await act(async () => expect(await running?.sink.resync('TOO_OLD')).toBe('as-of'))
    expect(rows()).toEqual(['4', '1', '2', '3'])
  })
})

describe('while somebody is at the list', () => {
  it('no row moves under the pointer; what it says does change; a press on the bar moves all', async () => {
    const { tell, user } = showInbox(three)
    await row(1)
    fireEvent.pointerMove(scroller())
    tell(anEvent({ number: 3, daysAgo: 9, subject: 'Subject 33' }))
    tell(anEvent({ number: 4, daysAgo: 8 }, 'TICKET_CREATED'))
    await user.click(await screen.findByRole('button', { name: '2 updates' }))
    await waitFor(() => expect(rows()).toEqual(['33', '4', '1', '2']))
    expect(screen.queryByRole('button', { name: /update/ })).toBeNull()
  })

  it('holds until the pointer has left', async () => {
    const { tell } = showInbox(three)
    await row(1)
    fireEvent.pointerMove(scroller())
    tell(anEvent({ number: 3, daysAgo: 9 }))
    expect(await screen.findByRole('button', { name: '1 update' })).toBeTruthy()
    expect(screen.getByText('The list has updates.').getAttribute('role')).toBe('status')
    expect(rows()).toEqual(['1', '2', '3'])
    fireEvent.pointerLeave(scroller())
    await waitFor(() => expect(rows()).toEqual(['3', '1', '2']), { timeout: 3_000 })
  })

  it('holds while somebody types anywhere', async () => {
    const { tell } = showInbox(three)
    await row(1)
    const elsewhere = document.body.appendChild(document.createElement('textarea'))
    fireEvent.input(elsewhere, { target: { value: 'Dear' } })
    tell(anEvent({ number: 3, daysAgo: 9 }))
    expect(await screen.findByRole('button', { name: '1 update' })).toBeTruthy()
    expect(rows()).toEqual(['1', '2', '3'])
    elsewhere.remove()
  })

  it('holds while it is scrolled, and while it has the focus by keys', async () => {
    const { tell, user } = showInbox(three)
    const first = await row(1)
    await user.tab()
    for (let step = 0; step < 20 && document.activeElement !== first; step += 1) await user.tab()
    expect(document.activeElement).toBe(first)
    tell(anEvent({ number: 3, daysAgo: 9 }))
    expect(await screen.findByRole('button', { name: '1 update' })).toBeTruthy()
    expect(rows()).toEqual(['1', '2', '3'])
    act(() => first.blur())
    await waitFor(() => expect(rows()).toEqual(['3', '1', '2']), { timeout: 3_000 })
    fireEvent.scroll(scroller())
    tell(anEvent({ number: 2, daysAgo: 12 }))
    expect(await screen.findByRole('button', { name: '1 update' })).toBeTruthy()
  })

  it('keeps the open ticket where it is, though it has gone', async () => {
    const { tell } = showInbox(three, { at: '/inbox/2' })
    expect((await row(2)).getAttribute('aria-current')).toBe('page')
    tell(anEvent({ number: 3, daysAgo: 9 }))
    await waitFor(() => expect(rows()).toEqual(['3', '2', '1']))
    tell(anEvent({ number: 2, daysAgo: 2, status: 'CLOSED' }, 'STATUS_CHANGED'))
    expect(await screen.findByText('Done')).toBeTruthy()
    expect(rows()).toEqual(['3', '2', '1'])
    // The row says its status at once; the count follows with the frame that drops it from the order.
    expect(await screen.findByText('2 waiting')).toBeTruthy()
  })
})

describe('by keys', () => {
  it('J and K open the next ticket and the one before', async () => {
    const shown = showInbox(three)
    await row(1)
    await shown.user.keyboard('j')
    await waitFor(() => expect(address(shown).pathname).toBe('/inbox/1'))
    expect((await row(1)).getAttribute('aria-current')).toBe('page')
    await shown.user.keyboard('j')
    await waitFor(() => expect(address(shown).pathname).toBe('/inbox/2'))
    await shown.user.keyboard('k')
    await waitFor(() => expect(address(shown).pathname).toBe('/inbox/1'))
    await shown.user.keyboard('k')
    expect(address(shown).pathname).toBe('/inbox/1')
  })

  it('arrows in the list go on from row to row, with the focus', async () => {
    const shown = showInbox(three)
    const first = await row(1)
    act(() => first.focus())
    await shown.user.keyboard('{ArrowDown}')
    await waitFor(() => expect(address(shown).pathname).toBe('/inbox/1'))
    await shown.user.keyboard('{ArrowDown}')
    await waitFor(() => expect(address(shown).pathname).toBe('/inbox/2'))
    await waitFor(async () => expect(document.activeElement).toBe(await row(2)))
  })
})

describe('what narrows the inbox', () => {
  it('stands in the address, and is asked for', async () => {
    const shown = showInbox(three)
    await row(1)
    await shown.user.click(screen.getByRole('button', { name: 'Mine' }))
    await shown.user.selectOptions(await screen.findByRole('combobox', { name: 'Queue' }), 'Returns (4)')
    await waitFor(() => expect(address(shown).search).toEqual({ whose: 'mine', queue: 'queue-1' }))
    await shown.user.selectOptions(screen.getByRole('combobox', { name: 'Channel' }), 'Chat')
    await waitFor(() => expect(address(shown).search).toEqual({ whose: 'mine', queue: 'queue-1', channel: 'CHAT' }))
    await waitFor(() =>
      expect(shown.server.asked.at(-1)?.filter).toMatchObject({
        ...{ assigneeId: 'agent-maya', queueId: 'queue-1', channel: ['CHAT'], status: ['OPEN'] },
      }),
    )
    expect(screen.getByRole('button', { name: 'Mine' }).getAttribute('aria-pressed')).toBe('true')
  })
})

describe('search', () => {
  it('shows what the server found in place of the inbox, and Escape gives that back', async () => {
    const searchTickets = vi.fn(() => ({
      edges: [
        {
          cursor: 'c',
          rank: 2,
          highlight: 'my <mark>refund</mark> &amp; more',
          node: aTicket({ number: 8, daysAgo: 1 }),
        },
      ],
      pageInfo: { hasNextPage: false, endCursor: null },
    }))
    const shown = showInbox(three, { answers: { searchTickets } })
    await row(1)
    await shown.user.keyboard('/')
    const field = screen.getByRole('searchbox', { name: 'Search tickets' })
    expect(document.activeElement).toBe(field)
    await shown.user.type(field, 'refund')
    expect(await row(8)).toBeTruthy()
    expect(screen.getByText('refund', { selector: 'mark' })).toBeTruthy()
    expect(address(shown).search).toEqual({ q: 'refund' })
    expect(searchTickets).toHaveBeenCalledTimes(1)
    await shown.user.keyboard('{Escape}')
    expect(await row(1)).toBeTruthy()
    expect(address(shown).search).toEqual({})
  })

  it('says that nothing was found', async () => {
    const nothing = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } }
    showInbox(three, { at: '/inbox?q=zzz', answers: { searchTickets: nothing } })
    expect(await screen.findByText('Nothing found for “zzz”')).toBeTruthy()
  })
})
