import { demoLogin } from '@quimbi/support/demo/seed.ts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, openBrowser, takeScreen, visit } from './browser.ts'
import { newTickets, replies, replyBox, said, sendButton, soon } from './parts.ts'
import { startServer, type Server } from './server.ts'

describe.skipIf(!hasBrowser())('from the inbox to a reply', { timeout: 180_000 }, () => {
  let server: Server
  let browser: Browser
  beforeAll(async () => {
    // Nothing but the console's own documents is taken, so whatever works here works by their names.
    ;[server, browser] = await Promise.all([startServer({ PERSISTED_DOCUMENTS_ONLY: 'true' }), openBrowser()])
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  it('begins at a login, which leads to where one wanted to go', async () => {
    const { page, context, problems } = await visit(browser, { url: server.url, at: '/customers', as: null })
    await page.getByRole('textbox', { name: 'Business' }).fill(demoLogin.tenant)
    await page.getByRole('textbox', { name: 'E-mail' }).fill(demoLogin.email)
    await takeScreen(page, 'login')
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').waitFor(soon)
    await page.getByLabel('Password', { exact: true }).fill(demoLogin.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor(soon)
    expect(page.url()).toBe(`${server.url}/customers`)
    expect(problems).toEqual([])
    await context.close()
  })

  it('takes two interactions: the ticket opened, the draft sent', async () => {
    const { page, context, problems, interactions } = await visit(browser, { url: server.url })
    await newTickets(page).first().waitFor(soon)
    await takeScreen(page, 'inbox')
    expect(await interactions()).toBe(0)

    await newTickets(page).first().click()
    await expect.poll(() => replyBox(page).inputValue(), soon).not.toBe('')
    const draft = await replyBox(page).inputValue()
    const before = await replies(page).count()
    await takeScreen(page, 'ticket')
    await sendButton(page).click()

    await expect.poll(() => replies(page).count(), soon).toBe(before + 1)
    expect(await interactions()).toBe(2)
    expect(said(await replies(page).last().textContent())).toContain(said(draft))
    expect(problems).toEqual([])
    await context.close()
  })

  it('takes two keys as well', async () => {
    const { page, context, problems, interactions } = await visit(browser, { url: server.url })
    await newTickets(page).first().waitFor(soon)
    await newTickets(page).first().focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => replyBox(page).inputValue(), soon).not.toBe('')
    const before = await replies(page).count()
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => replies(page).count(), soon).toBe(before + 1)
    expect(await interactions()).toBe(2)
    expect(problems).toEqual([])
    await context.close()
  })

  it('has no control that sorts', async () => {
    const { page, context } = await visit(browser, { url: server.url })
    await newTickets(page).first().waitFor(soon)
    for (const role of ['button', 'combobox', 'columnheader', 'menuitem', 'link', 'radio', 'option'] as const)
      expect(await page.getByRole(role, { name: /\b(?:sort|order by)/i }).count()).toBe(0)
    await context.close()
  })

  it('lets only one of two who answer at once: the other sees what was said, and decides', async () => {
    const [maya, theo] = [
      await visit(browser, { url: server.url }),
      await visit(browser, { url: server.url, as: 'theo@demo.example' }),
    ]
    const ticket = newTickets(maya.page).first()
    await ticket.waitFor(soon)
    const address = await ticket.getAttribute('href')
    for (const { page } of [maya, theo]) {
      await page.goto(server.url + address)
      await replyBox(page).fill('')
    }
    await replyBox(maya.page).fill('It leaves today, says Maya.')
    await replyBox(theo.page).fill('It left yesterday, says Theo.')
    const before = await replies(theo.page).count()
    await sendButton(maya.page).click()
    await replies(theo.page).filter({ hasText: 'says Maya' }).waitFor(soon)
    const meanwhile = theo.page.getByRole('alert', { name: 'Said meanwhile' })
    await meanwhile.getByText('It leaves today, says Maya.').waitFor(soon)
    await takeScreen(theo.page, 'collision')
    // What was written is kept; nothing went out.
    expect(await replyBox(theo.page).inputValue()).toBe('It left yesterday, says Theo.')
    expect(await replies(theo.page).count()).toBe(before + 1)
    await theo.page.getByRole('button', { name: 'Send anyway' }).click()
    await replies(maya.page).filter({ hasText: 'says Theo' }).waitFor(soon)
    expect([...maya.problems, ...theo.problems]).toEqual([])
    await Promise.all([maya.context.close(), theo.context.close()])
  })
})
