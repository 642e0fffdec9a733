import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listed, pages, pagesOfStrangers } from './all-pages.ts'
import { axeViolations, hasBrowser, openBrowser, visit, type Visit } from './browser.ts'
import { newTickets, rows, soon } from './parts.ts'
import { startServer, type Server } from './server.ts'
import { reach, violationsAt } from './walk.ts'

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

  describe.each([
    { who: 'somebody who is logged in', all: pages, begin: { at: '/inbox' } },
    { who: 'a stranger', all: pagesOfStrangers, begin: { at: '/login', as: null } },
  ])('of $who, in both themes', ({ all, begin }) => {
    let visited: Visit
    beforeAll(async () => {
      visited = await visit(browser, { url: server.url, theme: 'system', ...begin })
      await visited.page.getByRole('heading', { level: 1 }).first().waitFor(soon)
    }, 300_000)
    afterAll(() => visited?.context.close())

    it.each(all)('has nothing at $name that keeps people out', async (one) => {
      const { page, problems } = visited
      expect(await violationsAt(page, one)).toEqual([])
      expect(problems.splice(0)).toEqual([])
    })
  })

  it('is one that these tests know', async () => {
    const { page, context } = await visit(browser, { url: server.url, at: '/settings/profile' })
    const names = (list: string) => page.getByRole('navigation', { name: list }).getByRole('link').allInnerTexts()
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor(soon)
    expect((await names('Settings')).toSorted()).toEqual(listed.sections.toSorted())
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await page.getByRole('navigation', { name: 'Parts of the analytics' }).waitFor(soon)
    expect(await names('Parts of the analytics')).toEqual(listed.parts)
    await context.close()
  })

  it('says for everybody what could not be loaded', async () => {
    const { page, context } = await visit(browser, { url: server.url })
    await rows(page).first().waitFor(soon)
    await page.route('**/graphql', (route) => route.fulfill({ status: 503, json: {} }))
    const alert = (within: Page) => within.getByRole('alert').filter({ hasText: 'could not be loaded' })
    await reach(page, { name: 'what failed', at: '/analytics?part=drafts', shows: alert })
    expect(await axeViolations(page)).toEqual([])
    await context.close()
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

  it.each([
    { motion: 'reduce', is: 'stands still for who wants that', isMoving: false },
    { motion: 'no-preference', is: 'moves for others', isMoving: true },
  ] as const)('$is', async ({ motion, isMoving }) => {
    const { page, context } = await visit(browser, { url: server.url, at: '/customers', motion })
    await page.getByRole('table', { name: 'Customers' }).waitFor(soon)
    // The inbox goes on loading for as long as nothing is answered.
    await page.route('**/graphql', () => undefined)
    await page.evaluate(() => history.pushState({}, '', '/inbox'))
    await page.getByRole('status', { name: 'Loading the inbox' }).waitFor(soon)
    const seen = [await isAnythingMoving(page)]
    await page.unroute('**/graphql')
    await page.goto(`${server.url}/inbox`)
    await newTickets(page).first().click(soon)
    await page.getByRole('log', { name: 'Conversation' }).getByRole('article').first().waitFor(soon)
    seen.push(await isAnythingMoving(page))
    for (const key of ['?', 'Control+k']) {
      await page.keyboard.press(key)
      await page.getByRole('dialog').waitFor(soon)
      seen.push(await isAnythingMoving(page))
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden', ...soon })
    }
    expect(seen).toEqual([isMoving, isMoving, isMoving, isMoving])
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

/** Whether anything moves, or would, for longer than a hundredth of a second. */
const isAnythingMoving = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const isSeen = (seconds: number) => seconds > 0.01
    const running = document
      .getAnimations()
      .some(({ playState, effect }) => playState === 'running' && isSeen(Number(effect?.getTiming().duration) / 1000))
    const styled = [...document.querySelectorAll('*')].some((element) => {
      const { animationName, animationDuration, transitionProperty, transitionDuration } = getComputedStyle(element)
      const durations = [
        ...(animationName === 'none' ? [] : animationDuration.split(',')),
        ...(transitionProperty === 'none' ? [] : transitionDuration.split(',')),
      ]
      return durations.some((duration) => isSeen(parseFloat(duration)))
    })
    return running || styled
  })
