// How long `npm start` takes until the graph is ready: on a fresh clone, and again.
import { spawn, execFileSync, type ChildProcess } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@quimbi/database/port.ts'
import { descendants, mentioning } from '../scripts/lib/processes.ts'
import { root } from '../scripts/lib/root.ts'
import type { BenchOptions, BenchResult } from './lib/contract.ts'

const deadlineMs = 300_000

/**
 * `coldSeconds`: the working tree as a clone would have it, without node_modules, generated code and data; npm's cache is
 * left as it is on this machine. `warmSeconds`: the median of three starts after that. `quick` starts once, from this tree.
 * @public
 */
export async function run({ quick, log }: BenchOptions): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-start-'))
  // PostgreSQL refuses root and runs as another user, who has to get through here.
  chmodSync(folder, 0o755)
  try {
    const tree = quick ? root : join(folder, 'clone')
    if (!quick) copyTree(tree)
    const options = { tree, dataDir: join(folder, 'data') }
    log(quick ? 'one start on empty data' : "a fresh clone, with npm's cache as it is; then three more starts")
    const cold = await timeStart(options)
    const warm: number[] = []
    while (!quick && warm.length < 3) warm.push(await timeStart(options))
    const warmSeconds = warm.toSorted((a, b) => a - b)[1]
    const rounded = (seconds: number) => Number(seconds.toFixed(2))
    const names = [quick ? 'empty data' : 'fresh clone', 'again', 'again', 'again']
    return {
      table: {
        columns: ['start', 'seconds'],
        rows: [cold, ...warm].map((each, at) => [names[at] ?? '', rounded(each)]),
      },
      figures: {
        ...(!quick && { coldSeconds: rounded(cold) }),
        ...(warmSeconds !== undefined && { warmSeconds: rounded(warmSeconds) }),
      },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What git would clone, with what is not committed yet. */
function copyTree(to: string): void {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of list.toString().split('\0').filter(Boolean)) {
    if (!existsSync(join(root, file))) continue // deleted, not committed
    mkdirSync(dirname(join(to, file)), { recursive: true })
    cpSync(join(root, file), join(to, file))
  }
}

/** Seconds from the command to the first answer of /ready; then stops it and waits for its end. */
async function timeStart({ tree, dataDir }: { tree: string; dataDir: string }): Promise<number> {
  const port = await freePort()
  const began = performance.now()
  const env = { ...withoutOuterScript(process.env), PORT: String(port), QUIMBI_DATA_DIR: dataDir }
  // A group of its own, so that nothing outlives a failure.
  const app = spawn('npm', ['start'], { cwd: tree, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  let said = ''
  app.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)))
  const ended = new Promise<void>((resolve) => void app.once('close', () => resolve()))
  try {
    await ready(`http://127.0.0.1:${port}/ready`, app, () => said)
    const seconds = (performance.now() - began) / 1000
    interrupt(app)
    await Promise.race([ended, late(60_000, 'npm start did not stop within a minute')])
    return seconds
  } catch (error) {
    if (app.pid && app.exitCode === null) process.kill(-app.pid, 'SIGKILL')
    throw error
  }
}

/** As Ctrl-C does: to the launcher, because the shell between npm and it passes no signal on. */
function interrupt(app: ChildProcess): void {
  const launchers = mentioning('launch.mjs')
  const launcher = descendants(app.pid ?? 0).findLast((pid) => launchers.includes(pid))
  if (launcher === undefined) app.kill('SIGINT')
  else process.kill(launcher, 'SIGINT')
}

async function ready(url: string, app: ChildProcess, said: () => string): Promise<void> {
  for (const deadline = performance.now() + deadlineMs; performance.now() < deadline; await delay(20)) {
    if (app.exitCode !== null || app.signalCode !== null) throw new Error(`npm start ended by itself:\n${said()}`)
    const response = await fetch(url).catch(() => null)
    await response?.body?.cancel()
    if (response?.ok) return
  }
  throw new Error(`npm start was not ready within ${deadlineMs / 1000} s:\n${said()}`)
}

async function late(ms: number, message: string): Promise<never> {
  await delay(ms, undefined, { ref: false })
  throw new Error(message)
}

/** Without what npm tells the scripts that it runs: `npm run bench` must not look like the clone's own npm. */
function withoutOuterScript(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOuter = (name: string) => /^npm_(lifecycle_|package_|command$)|^INIT_CWD$|^QUIMBI_/i.test(name)
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOuter(name)))
}
