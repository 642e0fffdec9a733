import { screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { useCommand } from '../../commands/use-command.ts'
import { useOverlays } from '../overlays.tsx'

const reply = vi.fn()

function Page() {
  const { overlays } = useOverlays()
  useCommand({
    id: 'reply',
    title: 'Write a reply',
    section: 'Ticket',
    shortcut: 'r',
    keywords: ['answer'],
    run: () => {
      reply()
      document.getElementById('composer')?.focus()
    },
  })
  return (
    <>
      <button type="button">Somewhere</button>
      <textarea id="composer" aria-label="Composer" />
      {overlays}
    </>
  )
}

const ticket = {
  id: 't1',
  number: 12,
  subject: 'Refund not received',
  status: 'OPEN',
  customer: { id: 'c1', name: 'Mia Jones' },
}
const answers = {
  searchTickets: ({ query }: { query: string }) => ({ nodes: query === 'refund' ? [ticket] : [] }),
  customers: ({ query }: { query: string }) => ({
    nodes: query.startsWith('mi') ? [{ id: 'c1', name: 'Mia Jones', email: 'mia@example.test' }] : [],
  }),
  ticketByNumber: ({ number }: { number: number }) => (number === 12 ? ticket : null),
}

async function opened() {
  reply.mockClear()
  const shown = show(<Page />, { answers })
  ;(await screen.findByRole('button', { name: 'Somewhere' })).focus()
  await shown.user.keyboard('{Control>}k{/Control}')
  const dialog = await screen.findByRole('dialog', { name: 'Commands' }, { timeout: 10_000 })
  return { ...shown, dialog, input: within(dialog).getByRole('combobox', { name: 'Commands' }) }
}

test('it lists every command by section, its shortcut beside', async () => {
  const { dialog } = await opened()
  const option = within(dialog).getByRole('option', { name: /Write a reply/ })
  expect(option).toHaveProperty('textContent', expect.stringContaining('R'))
  expect(within(dialog).getByText('Ticket')).toBeDefined()
})

test('a command runs when the palette has closed, and may take the focus', async () => {
  const { user, input } = await opened()
  await user.type(input, 'answer{Enter}')
  await waitFor(() => expect(reply).toHaveBeenCalledTimes(1))
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Composer' }))
})

test('closed without a choice it gives the focus back', async () => {
  const { user } = await opened()
  await user.keyboard('{Escape}')
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Somewhere' })))
  await user.keyboard('{Control>}k{/Control}')
  await screen.findByRole('dialog')
  await user.keyboard('{Control>}k{/Control}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('words find tickets and customers, and what was chosen comes first the next time', async () => {
  const { user, input, router, dialog } = await opened()
  await user.type(input, 'refund')
  await user.click(await within(dialog).findByRole('option', { name: /#12.*Refund not received.*Mia Jones/ }))
  await waitFor(() => expect(router.state.location.pathname).toBe('/inbox/12'))
  await user.keyboard('{Control>}k{/Control}')
  const again = await screen.findByRole('dialog')
  expect(within(again).getAllByRole('option')[0]?.textContent).toContain('Refund not received')
})

test('a number is a ticket', async () => {
  const { user, input, router, dialog } = await opened()
  await user.type(input, '#12')
  await within(dialog).findByRole('option', { name: /#12/ })
  await user.keyboard('{Enter}')
  await waitFor(() => expect(router.state.location.pathname).toBe('/inbox/12'))
})

test('nothing found says what could be', async () => {
  const { user, input } = await opened()
  await user.type(input, 'qqqq')
  expect(await screen.findByText(/Nothing is called “qqqq”/)).toBeDefined()
})

test('the help shows the shortcuts of what is on the screen, and switches single keys off', async () => {
  const { user, input } = await opened()
  await user.type(input, 'shortcuts{Enter}')
  const help = await screen.findByRole('dialog', { name: 'Shortcuts' }, { timeout: 10_000 })
  expect(within(within(help).getByRole('region', { name: 'Ticket' })).getByText('Write a reply')).toBeDefined()
  await user.click(within(help).getByRole('checkbox', { name: 'Single-key shortcuts' }))
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  await user.keyboard('r')
  expect(reply).not.toHaveBeenCalled()
})
