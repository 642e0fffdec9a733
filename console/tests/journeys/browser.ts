import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { available } from '@quimbi/testing/availability.ts'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { root } from '../../../scripts/lib/root.ts'
import { takesScreens } from './config.ts'
import { logInAt } from './graph.ts'

const onPath = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
)
const program = onPath ? spawnSync('which', [onPath], { encoding: 'utf8' }).stdout.trim() : chromium.executablePath()

/** Whether this machine has Chromium; if not, says so once, and fails under CI. */
export const hasBrowser = (): boolean => available('chromium', existsSync(program))

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] })

export type Visit = {
  page: Page
  context: BrowserContext
  /** What the page's console, its policy or its scripts complained of. */
  problems: string[]
  /** Clicks, keys and the like since the page was opened. */
  interactions(): Promise<number>
  /** Every request's method and address, without those for the console's own files. */
  requests: string[]
}

type VisitOptions = {
  url: string
  at?: string
  /** Who is logged in already; nobody: null. */
  as?: string | null
  theme?: 'light' | 'dark' | 'system'
  motion?: 'reduce' | 'no-preference'
}

/** A fresh browser profile at a page of the console. */
export async function visit(
  browser: Browser,
  { url, at = '/inbox', as, theme = 'light', motion = 'reduce' }: VisitOptions,
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: motion })
  const login = as === null ? null : await logInAt(url, as)
  await context.addInitScript(
    ([kept, chosen]) => {
      if (kept && !sessionStorage.getItem('visited')) localStorage.setItem('quimbi.login', kept)
      sessionStorage.setItem('visited', 'true')
      localStorage.setItem('quimbi.theme', JSON.stringify(chosen))
    },
    [login && JSON.stringify(login), theme] as const,
  )
  await context.addInitScript(countInteractions)
  const page = await context.newPage()
  const [problems, requests]: [string[], string[]] = [[], []]
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (!/^\/(?:assets\/|icon\.svg|theme\.js)/.test(pathname)) requests.push(`${request.method()} ${pathname}`)
  })
  await page.goto(url + at)
  return { page, context, problems, requests, interactions: () => page.evaluate(() => window.interactions) }
}

declare global {
  interface Window {
    interactions: number
  }
}

/** A key held for another, such as Ctrl, is none of its own. */
function countInteractions(): void {
  window.interactions = 0
  const count = (event: Event) => {
    if (!(event instanceof KeyboardEvent && ['Control', 'Meta', 'Shift', 'Alt'].includes(event.key)))
      window.interactions++
  }
  for (const type of ['pointerdown', 'keydown']) addEventListener(type, count, { capture: true })
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type AxeResult = { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }

/** 24 px for whatever is pointed at (WCAG 2.2, AA), which axe does not ask for by itself. */
const all = { rules: { 'target-size': { enabled: true } } }
/** What another theme can break. */
const colours = { runOnly: ['color-contrast', 'link-in-text-block'] }

type AxeOptions = {
  /** Its colours only. */
  isOfColours?: boolean
  /** What to look at, as a selector; else all of the page. */
  within?: string | undefined
}

/** What is wrong with the page for people with disabilities, one line a thing. */
export async function axeViolations(
  page: Page,
  { isOfColours = false, within = 'html' }: AxeOptions = {},
): Promise<string[]> {
  // Evaluated, not added as a script: the page's policy holds for the page.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe)
  const asked = [within, { ...(isOfColours ? colours : all), resultTypes: ['violations'] }]
  const found = (await page.evaluate(
    `axe.run(...${JSON.stringify(asked)}).then(({ violations }) => violations)`,
  )) as AxeResult[]
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  )
}

/** A picture for docs/screens, where they are asked for. */
export async function takeScreen(page: Page, name: string): Promise<void> {
  if (!takesScreens()) return
  const folder = join(root, 'docs/screens')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' })
}
