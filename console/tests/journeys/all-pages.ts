import { choose, conversation, dialog, from, heading, menu, over, press, type ConsolePage } from './page-kit.ts'
import { rows, soon } from './parts.ts'
import { sectionTitles, settings } from './settings-pages.ts'
import { ticket, tickets } from './ticket-pages.ts'

const parts = ['Support', 'Agents', 'Drafts', 'Churn', 'Segments', 'Cohorts', 'Models']

/** What the console's own lists of pages must say: what is new there is new here. */
export const listed = { sections: sectionTitles, parts }

const analytics = parts.map((part): ConsolePage => ({
  name: `analytics: ${part}`,
  at: `/analytics?part=${part.toLowerCase()}`,
  shows: (page) => page.getByRole('region', { name: part, exact: true }),
  ...(part === 'Support' && { screen: 'analytics' }),
}))

const customer = from({
  what: 'a customer',
  at: '/customers',
  begin: (page) => page.getByRole('table', { name: 'Customers' }).getByRole('link').first().click(soon),
  isThere: (page) => page.getByRole('region', { name: 'Ask about them' }),
})

const customers: readonly ConsolePage[] = [
  {
    name: 'customers',
    at: '/customers',
    shows: (page) => page.getByRole('table', { name: 'Customers' }),
    screen: 'customers',
  },
  ...['Filter', 'Ask'].map((way): ConsolePage => ({
    name: `customers: ${way}`,
    at: '/customers',
    shows: (page) => page.getByRole('button', { name: way, exact: true, pressed: true }),
    open: (page) => press(page, way),
  })),
  customer('', heading(/./)),
  { ...customer(': Edit', dialog, (page) => press(page, 'Edit')), within: over },
  ...['Merge…', 'Erase…'].map((act) => ({
    ...customer(`: ${act}`, dialog, async (page) => {
      await press(page, 'More')
      await choose(page, act)
    }),
    within: over,
  })),
]

const everywhere: readonly ConsolePage[] = [
  { name: 'the commands', at: '/inbox', shows: dialog, open: (page) => page.keyboard.press('Control+k') },
  { name: 'the shortcuts', at: '/inbox', shows: dialog, within: over, open: (page) => page.keyboard.press('?') },
  {
    name: 'notifications',
    within: over,
    at: '/inbox',
    shows: dialog,
    open: (page) => page.getByRole('button', { name: /^Notifications/ }).click(soon),
  },
  {
    name: 'oneself',
    at: '/inbox',
    shows: menu,
    open: (page) => page.getByRole('banner').locator('[aria-haspopup="menu"]').click(soon),
  },
]

const absent: readonly ConsolePage[] = [
  { name: 'no such page', at: '/nowhere', shows: heading('There is no such page') },
  { name: 'no such ticket', at: '/inbox/99999999', shows: heading('Ticket #99999999 is not there') },
  { name: 'no such section', at: '/settings/nowhere', shows: heading('There is no such section') },
  {
    name: 'no such customer',
    at: `/customers/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`,
    shows: heading('Customer'),
  },
]

/** What somebody sees who is logged in and may do everything. */
export const pages: readonly ConsolePage[] = [
  { name: 'the inbox', at: '/inbox', shows: (page) => rows(page).first() },
  { name: 'the inbox on a telephone', at: '/inbox', shows: (page) => rows(page).first(), isNarrow: true },
  ...everywhere,
  ...tickets,
  ...customers,
  ...analytics,
  ...settings,
  { name: 'the demo', at: '/demo', shows: (page) => page.getByRole('region', { name: 'Clock' }), screen: 'demo' },
  ...absent,
]

/** What anybody sees, in this order. */
export const pagesOfStrangers: readonly ConsolePage[] = [
  { name: 'the login', at: '/login', shows: (page) => page.getByRole('button', { name: 'Log in', exact: true }) },
  {
    name: 'the local demo',
    at: '/login',
    shows: (page) => rows(page).first(),
    open: (page) => press(page, 'Try it here'),
  },
  ticket(' of the local demo', conversation),
]
