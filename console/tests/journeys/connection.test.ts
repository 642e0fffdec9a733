import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, openBrowser, takeScreen, visit } from './browser.ts'
import { newTickets, replies, replyBox, rows, said, sendButton, soon } from './parts.ts'
import { startServer, type Server } from './server.ts'

const notices = { name: 'Notices' }

describe.skipIf(!hasBrowser())('the console, while things change', { timeout: 180_000 }, () => {
  let server: Server
  let browser: Browser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer(), openBrowser()])
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  const setPriority = (number: number, priority: 'LOW' | 'URGENT') =>
    server
      .ask<{ inbox: { nodes: { id: string; number: number }[] } }>('{ inbox(first: 100) { nodes { id number } } }')
      .then(({ inbox }) => inbox.nodes.find((node) => node.number === number)?.id)
      .then((id) =>
        server.ask(
          'mutation ($input: UpdateTicketInput!) { updateTicket(input: $input) { userErrors { code message } } }',
          { input: { id, priority } },
        ),
      )

  it('holds a row where it is while the pointer is over the list, and moves it when told', async () => {
    const { page, context, problems } = await visit(browser, { url: server.url })
    await newTickets(page).first().waitFor(soon)
    const links = rows(page).getByRole('link')
    const order = () => links.evaluateAll((all) => all.map((one) => Number(one.getAttribute('href')?.split('/').pop())))
    await links.nth(1).hover()
    await page.mouse.wheel(0, 40)
    const shown = await order()
    const [first = 0] = shown
    await setPriority(first, 'LOW')
    const bar = page.getByRole('button', { name: /^\d+ updates?$/ })
    await bar.waitFor(soon)
    expect((await order()).filter((number) => shown.includes(number))).toEqual(
      shown.filter((number) => shown.includes(number)),
    )
    await takeScreen(page, 'inbox-updates')
    await bar.click()
    await expect.poll(async () => (await order()).indexOf(first), soon).not.toBe(0)
    expect(problems).toEqual([])
    await context.close()
  })

  it('keeps what is written through a lost connection, says so, and sends it once when it is back', async () => {
    const { page, context } = await visit(browser, { url: server.url })
    await newTickets(page).first().waitFor(soon)
    await newTickets(page).first().click()
    await replyBox(page).waitFor(soon)
    await replyBox(page).fill('Written in a tunnel.')
    await context.setOffline(true)
    await page
      .getByRole('status', notices)
      .getByText(/offline/i)
      .first()
      .waitFor(soon)
    expect(await replyBox(page).inputValue()).toBe('Written in a tunnel.')
    await sendButton(page).click()
    await page.getByRole('article', { name: /not sent/ }).waitFor(soon)
    await takeScreen(page, 'offline')
    await context.setOffline(false)
    await replies(page)
      .filter({ hasText: 'Written in a tunnel.' })
      .waitFor(soon)
      .catch(async (cause: unknown) => {
        throw new Error(`It was not sent: ${said(await page.locator('main').innerText())}`, { cause })
      })
    await expect.poll(() => page.getByRole('article', { name: /not sent/ }).count(), soon).toBe(0)
    expect(await replies(page).filter({ hasText: 'Written in a tunnel.' }).count()).toBe(1)
    await context.close()
  })
})
