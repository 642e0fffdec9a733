import type { Locator, Page } from 'playwright-core'

/** The parts of the console by the roles and names that people meet them by. */
export const rows = (page: Page): Locator => page.getByRole('list', { name: /^Tickets/ }).getByRole('listitem')

/** Tickets that nobody has opened here yet, the most pressing first. */
export const newTickets = (page: Page): Locator => rows(page).getByRole('link', { name: /^New: / })

export const replyBox = (page: Page): Locator => page.getByRole('textbox', { name: 'Reply' })
export const sendButton = (page: Page): Locator => page.getByRole('button', { name: 'Send', exact: true })
export const replies = (page: Page): Locator =>
  page.getByRole('log', { name: 'Conversation' }).getByRole('article', { name: /^Reply/ })

/** Nothing is timed by a journey; a machine may be slow. */
export const soon = { timeout: 60_000 }

/** Text as people read it. */
export const said = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').trim()
