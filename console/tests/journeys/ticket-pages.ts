import type { Page } from 'playwright-core'
import { choose, conversation, dialog, from, menu, over, type ConsolePage } from './page-kit.ts'
import { newTickets, rows, soon } from './parts.ts'

const tool = (page: Page, name: string) =>
  page
    .getByRole('toolbar', { name: /^Ticket/ })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click(soon)

/** A ticket of the inbox, with something done there. */
export const ticket = from({
  what: 'a ticket',
  at: '/inbox',
  begin: (page) => newTickets(page).or(rows(page).getByRole('link')).first().click(soon),
  isThere: conversation,
})

async function openAllParts(page: Page): Promise<void> {
  const side = page.getByRole('complementary', { name: 'Ticket and customer' })
  await side.getByRole('button', { name: 'History' }).waitFor(soon)
  await side.getByRole('button', { name: /^Contact/ }).waitFor(soon)
  const closed = side.locator('[aria-expanded="false"]:not([aria-haspopup])')
  while (await closed.count()) await closed.first().click(soon)
  for (const more of await side.locator('details:not([open]) > summary').all()) await more.click(soon)
}

export const tickets: readonly ConsolePage[] = [
  { ...ticket('', conversation), screen: 'ticket-dark' },
  {
    ...ticket(', all of its side', (page) => page.getByRole('region', { name: 'History', exact: true }), openAllParts),
    within: 'aside',
  },
  ticket(': Assignee', dialog, (page) => tool(page, 'Assignee')),
  ticket(': Status', menu, (page) => tool(page, 'Status')),
  ...['Snooze', 'Tags'].map((name) => ({ ...ticket(`: ${name}`, dialog, (page) => tool(page, name)), within: over })),
  ...['Priority', 'Queue', 'More'].map((name) => ({
    ...ticket(`: ${name}`, menu, (page) => tool(page, name)),
    within: '[role="menu"]',
  })),
  ...[
    ...['Hand on …', 'Escalate …', 'Plan a follow-up …', 'Subject and category …', 'Merge into another ticket …'],
    ...['Split messages off …', 'Delete …'],
  ].map((act) => ({
    ...ticket(`: ${act}`, dialog, async (page) => {
      await tool(page, 'More')
      await choose(page, act)
    }),
    within: over,
  })),
  ...['Conversation', 'Ticket', 'Customer'].map((name): ConsolePage => {
    const tab = (page: Page) => page.getByRole('tab', { name })
    return { ...ticket(` on a telephone: ${name}`, tab, (page) => tab(page).click(soon)), isNarrow: true }
  }),
]
