import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { available } from '@quimbi/testing/availability.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome']
const program = names.find((name) => spawnSync(name, ['--version']).status === 0)

/** Whether this machine has Chromium; if not, says so once, and fails under CI. */
export const browserAvailable = (): boolean => available('chromium', program !== undefined)

type Message = {
  id?: number
  sessionId?: string
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { message: string }
}

export type Page = {
  /** What the page's console, its policy or the network complained of. */
  problems: string[]
  /** The value of an expression within the page, awaited. */
  evaluate<T>(expression: string): Promise<T>
  /** Resolves once the expression is true; the test's own timeout ends the wait. */
  until(expression: string): Promise<void>
  open(url: string): Promise<void>
  /** A picture of what is seen, for people. */
  screenshot(file: string): Promise<void>
}

/** A browser without a window, spoken to over pipes; ends with `close`. */
export async function openBrowser() {
  const folder = await mkdtemp(join(tmpdir(), 'browser-'))
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage']
  const child = spawn(program ?? 'chromium', [...flags, '--remote-debugging-pipe', `--user-data-dir=${folder}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const [input, output] = [child.stdio[3] as unknown as Writable, child.stdio[4] as unknown as Readable]
  const waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>()
  const listeners = new Map<string, (message: Message) => void>()
  let last = 0
  let rest = ''
  output.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop() ?? ''
    for (const message of messages) hear(JSON.parse(message) as Message)
  })

  function hear(message: Message): void {
    const asked = message.id === undefined ? undefined : waiting.get(message.id)
    if (!asked) return listeners.get(message.sessionId ?? '')?.(message)
    waiting.delete(message.id ?? 0)
    if (message.error) asked.reject(new Error(message.error.message))
    else asked.resolve(message.result ?? {})
  }

  function send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const answer = Promise.withResolvers<Record<string, unknown>>()
    waiting.set((last += 1), answer)
    input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`)
    return answer.promise
  }

  async function newPage({ width = 1440, height = 1000, isDark = false, isScripted = true } = {}): Promise<Page> {
    const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = (await send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string }
    const problems: string[] = []
    let loaded = Promise.withResolvers<void>()
    listeners.set(sessionId, ({ method, params }) => {
      if (method === 'Page.loadEventFired') loaded.resolve()
      const problem = problemOf(method, params)
      if (problem) problems.push(problem)
    })
    const tell = (method: string, params?: object) => send(method, params, sessionId)
    for (const domain of ['Page', 'Runtime', 'Log']) await tell(`${domain}.enable`)
    await tell('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    await tell('Emulation.setScriptExecutionDisabled', { value: !isScripted })
    const features = [{ name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' }]
    await tell('Emulation.setEmulatedMedia', { features })

    async function evaluate<T>(expression: string): Promise<T> {
      const given = { expression, awaitPromise: true, returnByValue: true }
      const { result, exceptionDetails } = await tell('Runtime.evaluate', given)
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails))
      return (result as { value: T }).value
    }
    return {
      problems,
      evaluate,
      until: (expression) =>
        evaluate(
          `new Promise((resolve) => { const look = () => (${expression}) ? resolve() : requestAnimationFrame(look); look() })`,
        ),
      async open(url) {
        loaded = Promise.withResolvers()
        await tell('Page.navigate', { url })
        await loaded.promise
      },
      async screenshot(file) {
        const { data } = await tell('Page.captureScreenshot', { format: 'png' })
        await writeFile(file, Buffer.from(String(data), 'base64'))
      },
    }
  }

  return {
    newPage,
    async close(): Promise<void> {
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function problemOf(method: string | undefined, params: Record<string, unknown> = {}): string | null {
  if (method === 'Runtime.exceptionThrown') return JSON.stringify(params['exceptionDetails'])
  if (method === 'Log.entryAdded') {
    const { level, text, url } = params['entry'] as { level: string; text: string; url?: string }
    return level === 'error' || level === 'warning' ? `${text} ${url ?? ''}` : null
  }
  if (method !== 'Runtime.consoleAPICalled') return null
  const { type, args } = params as { type: string; args: { value?: unknown; description?: string }[] }
  const said = args.map(({ value, description }) => String(value ?? description)).join(' ')
  return type === 'error' || type === 'warning' || type === 'assert' ? said : null
}
