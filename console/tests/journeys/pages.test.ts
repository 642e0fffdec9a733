import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations, hasBrowser, openBrowser, takeScreen, visit } from './browser.ts'
import { newTickets, rows, soon } from './parts.ts'
import { startServer, type Server } from './server.ts'

const pages = ['/login', '/inbox', '/customers', '/analytics', '/settings/profile', '/settings/agents', '/demo']

describe.skipIf(!hasBrowser())('every page', { timeout: 180_000 }, () => {
  let server: Server
  let browser: Browser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer(), openBrowser()])
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  describe.each(['light', 'dark'] as const)('in its %s theme', (theme) => {
    it.each(pages)('has nothing at %s that keeps people out', async (at) => {
      const as = at === '/login' ? { as: null } : {}
      const { page, context, problems } = await visit(browser, { url: server.url, at, theme, ...as })
      await page.getByRole('heading', { level: 1 }).first().waitFor(soon)
      await page.waitForLoadState('networkidle')
      if (theme === 'light') await takeScreen(page, at.slice(1).replaceAll('/', '-'))
      expect(await axeViolations(page)).toEqual([])
      expect(problems).toEqual([])
      await context.close()
    })

    it('has nothing at a ticket that keeps people out', async () => {
      const { page, context, problems } = await visit(browser, { url: server.url, theme })
      await newTickets(page).first().click(soon)
      await page.getByRole('log', { name: 'Conversation' }).getByRole('article').first().waitFor(soon)
      await page.waitForLoadState('networkidle')
      if (theme === 'dark') await takeScreen(page, 'ticket-dark')
      expect(await axeViolations(page)).toEqual([])
      expect(problems).toEqual([])
      await context.close()
    })
  })

  it('is reached by keys alone', async () => {
    const { page, context } = await visit(browser, { url: server.url })
    await rows(page).first().waitFor(soon)
    for (const [keys, address] of [
      ['gc', /\/customers$/],
      ['ga', /\/analytics/],
      ['gs', /\/settings\//],
      ['gi', /\/inbox$/],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key)
      await expect.poll(() => page.url(), soon).toMatch(address)
    }
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').waitFor(soon)
    await context.close()
  })

  it('is there in the local demo, which asks nobody', async () => {
    const { page, context, requests } = await visit(browser, { url: server.url, at: '/login', as: null })
    const button = page.getByRole('button', { name: 'Try it here' })
    await button.waitFor(soon)
    requests.length = 0
    await button.click()
    await rows(page).first().waitFor(soon)
    await rows(page).first().getByRole('link').click()
    await page.getByRole('log', { name: 'Conversation' }).getByRole('article').first().waitFor(soon)
    expect(requests.filter((one) => !one.startsWith('GET /inbox'))).toEqual([])
    await context.close()
  })
})
