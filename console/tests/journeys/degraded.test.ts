import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProcesses, type ServiceProcess } from '../../../gateway/tests/processes-kit.ts'
import { hasBrowser, openBrowser, takeScreen, visit } from './browser.ts'
import { buildConsole } from './built.ts'
import { newTickets, replies, replyBox, sendButton, soon } from './parts.ts'

describe.skipIf(!hasBrowser())('without Intelligence', { timeout: 240_000 }, () => {
  let world: Awaited<ReturnType<typeof openProcesses>>
  let browser: Browser
  let gateway: ServiceProcess
  let intelligence: ServiceProcess
  beforeAll(async () => {
    await buildConsole()
    world = await openProcesses()
    intelligence = await world.service('intelligence', {}, world.portOf.intelligence)
    const support = await world.service('support', {}, world.portOf.support)
    gateway = await world.service('gateway')
    await Promise.all([intelligence.start(), support.start()])
    await gateway.start()
    browser = await openBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  it('the console says what is away, shows all else, sends replies, and mends itself', async () => {
    const { page, context } = await visit(browser, { url: gateway.url })
    await newTickets(page).first().waitFor(soon)
    await intelligence.signal('SIGKILL')
    const away = page.getByRole('status', { name: 'Notices' }).getByText('Customer insight is away.')
    await newTickets(page).first().click()
    await away.waitFor(soon)
    await takeScreen(page, 'insight-away')
    await replyBox(page).fill('Answered without insight.')
    await sendButton(page).click()
    await replies(page).filter({ hasText: 'Answered without insight.' }).waitFor(soon)
    await intelligence.start()
    await away.waitFor({ state: 'hidden', timeout: 120_000 })
    await context.close()
  })
})
