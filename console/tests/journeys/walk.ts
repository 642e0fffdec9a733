import type { Page } from 'playwright-core'
import { goTo, type ConsolePage } from './page-kit.ts'
import { axeViolations, takeScreen } from './browser.ts'
import { soon } from './parts.ts'

const wide = { width: 1440, height: 900 }
const narrow = { width: 390, height: 844 }

/** Goes there, opens what is to be open, and waits until nothing says that it loads. */
export async function reach(page: Page, { at, shows, open, isNarrow = false }: ConsolePage): Promise<void> {
  await page.setViewportSize(isNarrow ? narrow : wide)
  if (at !== undefined) await goTo(page, at)
  await open?.(page)
  await shows(page).first().waitFor(soon)
  await page.waitForFunction(
    () => !document.querySelector('[role="status"][aria-label^="Loading"], [aria-busy="true"]'),
    null,
    soon,
  )
}

/** Closes what is open over a page. */
export async function leave(page: Page): Promise<void> {
  const answer = page.getByRole('button', { name: /^(Discard|I have stored it)$/ })
  if (!(await answer.count())) await page.keyboard.press('Escape')
  if (await answer.count()) await answer.click(soon)
}

/** What keeps people out of a page in either theme, one line a thing. The visit's theme is the system's. */
export async function violationsAt(page: Page, one: ConsolePage): Promise<string[]> {
  await reach(page, one)
  const found: string[] = []
  // What stands there is the same in both: in the second only its colours are looked at.
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.waitForFunction((theme) => document.documentElement.dataset['theme'] === theme, colorScheme, soon)
    if (one.screen && one.screen.endsWith('-dark') === (colorScheme === 'dark')) await takeScreen(page, one.screen)
    const violations = await axeViolations(page, { isOfColours: colorScheme === 'dark', within: one.within })
    found.push(...violations.map((violation) => `${one.name}, ${colorScheme}: ${violation}`))
  }
  if (one.open) await leave(page)
  return found
}
