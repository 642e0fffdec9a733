import type { Locator, Page } from 'playwright-core'
import { soon } from './parts.ts'

/** A page of the console, or one with something open over it. */
export type ConsolePage = {
  name: string
  /** Its address; where one is already, unless given. */
  at?: string
  /** What is there once the page is. */
  shows: (page: Page) => Locator
  /** From the address on, as a person gets there. */
  open?: (page: Page) => Promise<unknown>
  /** All that is looked at, as a selector, where another of its kind was looked at with the page below it. */
  within?: string
  /** As on a telephone. */
  isNarrow?: boolean
  /** Its picture in docs/screens; in the dark theme where the name ends so. */
  screen?: string
}

export const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole('heading', { level: 1, name, exact: true })
export const dialog = (page: Page) => page.getByRole('dialog')
export const menu = (page: Page) => page.getByRole('menu')
/** What stands over a page, where the page below and another of its kind are looked at elsewhere. */
export const over = '[role="dialog"]'
export const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' }).getByRole('article').first()
export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click(soon)
export const choose = (page: Page, name: string) => page.getByRole('menuitem', { name }).click(soon)

/** Goes there without loading the console anew. */
export const goTo = (page: Page, at: string): Promise<void> =>
  // The router hears of it, as of a link.
  page.evaluate((to) => history.pushState({}, '', to), at)

type Beginning = { what: string; at: string; begin: (page: Page) => Promise<unknown>; isThere: (page: Page) => Locator }

/** Pages with something done where one gets by `begin`, unless one is there. */
export const from =
  ({ what, at, begin, isThere }: Beginning) =>
  (name: string, shows: ConsolePage['shows'], act?: (page: Page) => Promise<unknown>): ConsolePage => ({
    name: `${what}${name}`,
    shows,
    open: async (page) => {
      if (!(await isThere(page).isVisible())) {
        await goTo(page, at)
        await begin(page)
        await isThere(page).waitFor(soon)
      }
      await act?.(page)
    },
  })
