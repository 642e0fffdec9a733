import { gzipSync } from 'node:zlib'
import { safeFetch } from '@quimbi/service/fetch.ts'
import type { Browser, Page } from 'playwright-core'
import { visit } from '../../console/tests/journeys/browser.ts'
import { newTickets, replies, replyBox, rows, sendButton } from '../../console/tests/journeys/parts.ts'
import { quantile } from './quantile.ts'

const patience = { timeout: 120_000 }
const readingMs = 400

/** Milliseconds from the navigation of a fresh browser profile to a first row that can be clicked, and kB (1,000 bytes, gzip) of script until then. */
export async function loadOnce(browser: Browser, url: string): Promise<{ interactiveMs: number; initialKb: number }> {
  const { page, context } = await visit(browser, { url, at: '/inbox' })
  try {
    const interactiveMs = await page.evaluate(untilFirstRow)
    const scripts = await page.evaluate(
      (until) =>
        performance
          .getEntriesByType('resource')
          .filter(({ name, startTime }) => startTime < until && /\/assets\/.*\.js$/.test(name))
          .map(({ name, responseEnd }: PerformanceEntry & { responseEnd?: number }) => ({ name, responseEnd })),
      interactiveMs,
    )
    const before = scripts.filter(({ responseEnd = 0 }) => responseEnd < interactiveMs)
    let bytes = 0
    for (const { name } of before) {
      const text = await safeFetch(name).then((answer) => answer.arrayBuffer())
      bytes += gzipSync(new Uint8Array(text), { level: 9 }).length
    }
    return { interactiveMs, initialKb: bytes / 1000 }
  } finally {
    await context.close()
  }
}

/** Runs in the page. */
function untilFirstRow(): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const link = document.querySelector('[aria-label^="Tickets"] li a')
      const { x = 0, y = 0, width = 0, height = 0 } = link?.getBoundingClientRect() ?? {}
      const hit = link && document.elementFromPoint(x + width / 2, y + height / 2)?.closest('li')
      if (hit && hit === link.closest('li')) resolve(performance.now())
      else requestAnimationFrame(look)
    }
    look()
  })
}

/** Milliseconds from a click on a row to its conversation with the composer below, for so many rows. The pointer comes to a row as it is pressed: nothing is fetched ahead. */
export async function openTickets(page: Page, count: number): Promise<number[]> {
  const taken: number[] = []
  await rows(page).first().waitFor(patience)
  for (let nth = 0; nth < count; nth += 1) {
    const row = rows(page)
      .nth(nth % 8)
      .getByRole('link')
    // Nobody opens the next one before the last can be seen: what is drawn behind it is not the next one's.
    await page.waitForTimeout(readingMs)
    const opened = page.evaluate(untilOpened)
    await row.click()
    taken.push(await opened)
    if (nth % 8 === 7) await page.mouse.wheel(0, 600)
  }
  return taken
}

/** Runs in the page, from before the click. */
function untilOpened(): Promise<number> {
  const former = document.querySelector('[role="log"]')
  return new Promise((resolve) => {
    const clicked = ({ timeStamp }: Event) => {
      const look = () => {
        const log = document.querySelector('[role="log"]')
        const composer = document.querySelector('textarea')
        if (log && log !== former && log.querySelector('article') && composer?.checkVisibility())
          resolve(performance.now() - timeStamp)
        else requestAnimationFrame(look)
      }
      look()
    }
    addEventListener('click', clicked, { capture: true, once: true })
  })
}

/** How long each of many interactions took until the next paint, as the browser counts it; those below 16 ms count as 16. */
export async function interact(page: Page, times: number): Promise<number[]> {
  await page.evaluate(() => {
    const seen = new Map<number, number>()
    Object.assign(globalThis, { seenInteractions: seen })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[])
        if (entry.interactionId)
          seen.set(entry.interactionId, Math.max(entry.duration, seen.get(entry.interactionId) ?? 0))
    }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit)
  })
  let made = 0
  for (let turn = 0; turn < times; turn += 1) {
    await page.keyboard.press(turn % 5 === 4 ? 'k' : 'j', { delay: 30 })
    await rows(page)
      .nth(turn % 6)
      .getByRole('link')
      .click({ delay: 30 })
    await replyBox(page).waitFor(patience)
    await replyBox(page).click({ delay: 30 })
    await page.keyboard.type('Hi there', { delay: 40 })
    await page.keyboard.press('Escape')
    made += 4 + 'Hi there'.length
    await page.locator('h1').first().click()
  }
  const slow = await page.evaluate(() => [
    ...(globalThis as unknown as { seenInteractions: Map<number, number> }).seenInteractions.values(),
  ])
  return [...slow, ...Array.from({ length: Math.max(0, made - slow.length) }, () => 16)]
}

/** Clicks and keys from the inbox to a sent reply, with the draft as it was written. */
export async function sendFirst(browser: Browser, url: string): Promise<number> {
  const { page, context, interactions } = await visit(browser, { url, at: '/inbox' })
  try {
    await newTickets(page).first().waitFor(patience)
    await newTickets(page).first().click()
    await page.waitForFunction(() => (document.querySelector('textarea')?.value ?? '') !== '', null, patience)
    const before = await replies(page).count()
    await sendButton(page).click(patience)
    await replies(page).nth(before).waitFor(patience)
    return await interactions()
  } finally {
    await context.close()
  }
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
