// The console in Chromium over a graph as `npm start` runs it: how soon it is there, how fast it answers, and whether everybody can use it.
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { pages, pagesOfStrangers } from '../console/tests/journeys/all-pages.ts'
import { hasBrowser, openBrowser, visit } from '../console/tests/journeys/browser.ts'
import { violationsAt } from '../console/tests/journeys/walk.ts'
import { interact, loadOnce, median, openTickets, sendFirst } from './lib/console-page.ts'
import { openConsoleWorld } from './lib/console-world.ts'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { quantile } from './lib/quantile.ts'

const eventsPerSecond = 20

/** Medians of cold loads and of tickets opened; INP at p95 while events re-rank the inbox. @public */
export async function run({ quick, log }: BenchOptions): Promise<BenchResult> {
  if (!hasBrowser()) throw new Error('There is no Chromium on this machine.')
  const tickets = quick ? 500 : 10_000
  const world = await openConsoleWorld(tickets)
  let browser: Browser | undefined
  try {
    browser = await openBrowser()
    log(`${tickets} open tickets at ${world.url}`)
    const loads = []
    // The first fills the server's caches, as it runs for days otherwise.
    for (let nth = 0; nth <= (quick ? 1 : 5); nth += 1) loads.push(await loadOnce(browser, world.url))
    const cold = loads.slice(1)
    const interactiveMs = median(cold.map((one) => one.interactiveMs))
    const initialKb = Number(Math.max(...cold.map((one) => one.initialKb)).toFixed(1))
    log(`interactive after ${interactiveMs} ms with ${initialKb} kB`)

    const { page, context } = await visit(browser, { url: world.url })
    const opened = await openTickets(page, quick ? 4 : 20)
    log(`tickets open in ${opened.map(Math.round).join(', ')} ms`)
    const events = driveEvents(world.ask, eventsPerSecond)
    const inp = await interact(page, quick ? 2 : 25).finally(() => events.stop())
    log(`${inp.length} interactions while ${events.sent()} events came`)
    await context.close()

    const interactionsToSent = await sendFirst(browser, world.url)
    const violations = await violationsOf(browser, world.url, quick)
    for (const violation of violations) log(violation)
    const figures = {
      tickets,
      interactiveMs,
      initialKb,
      ticketOpenMs: median(opened),
      inpP95Ms: quantile(inp, 0.95),
      interactionsToSent,
      axeViolations: violations.length,
    }
    return { table: { columns: ['figure', 'value'], rows: Object.entries(figures) }, figures }
  } finally {
    await browser?.close()
    await world.close()
  }
}

/** Mutations that move tickets in the inbox, so many a second, until stopped. */
function driveEvents(ask: Awaited<ReturnType<typeof openConsoleWorld>>['ask'], perSecond: number) {
  const mutation = 'mutation ($input: UpdateTicketInput!) { updateTicket(input: $input) { userErrors { code } } }'
  let isOn = true
  let sent = 0
  const finished = (async () => {
    const { inbox } = await ask<{ inbox: { nodes: { id: string }[] } }>('{ inbox(first: 100) { nodes { id } } }')
    const waiting = new Set<Promise<unknown>>()
    while (isOn) {
      const { id } = inbox.nodes[sent % inbox.nodes.length] ?? {}
      const priority = ['LOW', 'NORMAL', 'HIGH', 'URGENT'][Math.floor(sent / inbox.nodes.length + sent) % 4]
      sent += 1
      const asked = ask(mutation, { input: { id, priority } }).finally(() => waiting.delete(asked))
      waiting.add(asked)
      await delay(1000 / perSecond)
    }
    await Promise.all(waiting)
  })()
  return {
    sent: () => sent,
    async stop() {
      isOn = false
      await finished
    },
  }
}

/** What keeps people out of the console's pages, in both themes; of the first page only where it shall be quick. */
async function violationsOf(browser: Browser, url: string, quick: boolean): Promise<string[]> {
  const found: string[] = []
  for (const [all, begin] of [
    [quick ? pages.slice(0, 1) : pages, { at: '/inbox' }],
    [quick ? [] : pagesOfStrangers, { at: '/login', as: null }],
  ] as const) {
    const { page, context } = await visit(browser, { url, theme: 'system', ...begin })
    await page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: 60_000 })
    for (const one of all) found.push(...(await violationsAt(page, one)))
    await context.close()
  }
  return found
}
