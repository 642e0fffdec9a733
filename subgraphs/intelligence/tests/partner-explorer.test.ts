import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserAvailable, openBrowser, type Page } from './browser-kit.ts'
import { anOrder } from './kit.ts'
import { openPageWorld, type PageWorld } from './partner-page-kit.ts'

const answer = `document.querySelector('.graphiql-response')?.textContent ?? ''`
const variables = `document.querySelector('.graphiql-editor-tool')?.textContent ?? ''`

describe.skipIf(!browserAvailable())('in a browser', { timeout: 120_000 }, () => {
  let world: PageWorld
  let browser: Awaited<ReturnType<typeof openBrowser>>
  beforeAll(async () => {
    world = await openPageWorld()
    browser = await openBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await world.close()
  })

  async function explorer(example: string, key: string): Promise<Page> {
    const page = await browser.newPage()
    await page.open(`${world.url}/partner/explorer#${example}`)
    await page.until(`document.querySelector('.graphiql-execute-button')`)
    await page.evaluate(`{ const key = document.getElementById('key'); key.value = ${JSON.stringify(key)}
      key.dispatchEvent(new Event('input', { bubbles: true })) }`)
    return page
  }
  const run = (page: Page) => page.evaluate(`document.querySelector('.graphiql-execute-button').click()`)

  it.each([true, false])('the documentation loads without a complaint (dark: %s), and finds', async (isDark) => {
    const page = await browser.newPage({ isDark })
    await page.open(`${world.url}/partner#op-customerinsight`)
    await page.evaluate(`{ const find = document.getElementById('find'); find.value = 'churn'
      find.dispatchEvent(new Event('input')) }`)
    const found = await page.evaluate<string[]>(
      `[...document.querySelectorAll('#contents li:not([hidden])')].map((entry) => entry.textContent)`,
    )
    expect(found).toContain('churnTrend')
    expect(found.every((name) => name.toLowerCase().includes('churn'))).toBe(true)
    expect(page.problems).toEqual([])
  })

  it('needs no script to be read', async () => {
    const page = await browser.newPage({ isScripted: false })
    await page.open(`${world.url}/partner`)
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.find')).display`)).toBe('none')
    expect(await page.evaluate(`document.querySelectorAll('.operation').length`)).toBeGreaterThan(25)
    expect(page.problems).toEqual([])
  })

  it('the explorer runs a query with the key that is typed, and keeps the key in the tab alone', async () => {
    const page = await explorer('rateLimit', await world.key('insight:read'))
    await run(page)
    await page.until(`(${answer}).includes('maximumQueryCost')`)
    expect(await page.evaluate(answer)).toContain('"limit": 100000')
    expect(await page.evaluate(`sessionStorage.getItem('partner-key')`)).toMatch(/^qk_live_/)
    expect(await page.evaluate(`JSON.stringify(localStorage) + document.cookie`)).not.toContain('qk_live_')
    expect(page.problems).toEqual([])
  })

  it('the explorer puts the reader’s own ids into an example', async () => {
    const page = await explorer('customerInsight', await world.key('insight:read'))
    expect(await page.evaluate(variables)).toContain('00000000-0000-7000')
    await page.evaluate(`document.getElementById('ids').click()`)
    await page.until(`(${variables}).includes('customerId') && !(${variables}).includes('00000000-0000-7000')`)
    await run(page)
    // The editor holds only the lines in sight.
    await page.until(`(${answer}).includes('churnRisk')`)
    expect(await page.evaluate(answer)).not.toContain('"errors"')
    expect(page.problems).toEqual([])
  })

  it('the explorer follows a subscription', async () => {
    const page = await explorer('insightChanged', await world.key('insight:read'))
    await run(page)
    let told = ''
    for (let nth = 0; !told.includes('insightChanged'); nth += 1) {
      await world.ingest(world.tenantId, [anOrder({ customer: { externalId: `new-${nth}` } })])
      await world.module.settle()
      told = await page.evaluate<string>(answer)
    }
    expect(told).not.toContain('"errors"')
    expect(page.problems).toEqual([])
  })

  it('the explorer says what is wrong with a key', async () => {
    const page = await explorer('rateLimit', 'qk_live_wrong')
    await run(page)
    await page.until(`(${answer}).includes('KEY_INVALID')`)
    await page.evaluate(`document.getElementById('ids').click()`)
    await page.until(`document.getElementById('told').textContent.includes('key')`)
  })
})
