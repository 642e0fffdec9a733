import { spawn } from 'node:child_process'
import { root } from './paths.mjs'

/**
 * @typedef {object} Step
 * @property {string} title what the user reads
 * @property {() => boolean} isDone
 * @property {() => void} markDone
 * @property {string} command
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} [env]
 * @property {() => string | null} [problem] why the result cannot be used although the command succeeded
 * @property {string} hint what to do when it fails
 */

const SIGNALS = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })

/** A set-up step that failed; the message is for the user. */
export class StepFailed extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode
   */
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/**
 * Runs the command quietly behind a progress line; shows its output only if it fails.
 * @param {Step} step
 */
export async function runStep(step) {
  const progress = startProgress(step.title)
  const { code, signal, output } = await runQuietly(step)
  const problem = code === 0 ? (step.problem?.() ?? null) : null
  if (code === 0 && !problem) {
    step.markDone()
    progress.end('done')
    return
  }
  progress.end(signal ? 'stopped' : 'failed')
  if (signal) throw new StepFailed(`Stopped. ${step.hint}`, SIGNALS[signal])
  if (problem) throw new StepFailed(problem)
  throw new StepFailed(`${output.trim()}\n\n${step.title} failed (exit code ${code}). ${step.hint}`)
}

/**
 * @param {Step} step
 * @returns {Promise<{ code: number, signal: keyof typeof SIGNALS | null, output: string }>}
 */
function runQuietly(step) {
  return new Promise((done) => {
    /** @type {keyof typeof SIGNALS | null} */
    let stoppedBy = null
    let output = ''
    const child = spawn(step.command, step.args, { cwd: root, env: step.env, stdio: ['ignore', 'pipe', 'pipe'] })
    const handlers = Object.keys(SIGNALS).map((name) => {
      const signal = /** @type {keyof typeof SIGNALS} */ (name)
      const handler = () => {
        stoppedBy = signal
        child.kill('SIGTERM')
      }
      process.on(signal, handler)
      return () => process.off(signal, handler)
    })
    /** @param {number} code */
    const finish = (code) => {
      for (const remove of handlers) remove()
      done({ code, signal: stoppedBy, output })
    }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => {
      output += error.message
      finish(1)
    })
    child.on('close', (code) => finish(stoppedBy ? 1 : (code ?? 1)))
  })
}

/**
 * A line per step with the time it took; on a terminal a spinner keeps moving meanwhile. Written to stderr: stdout is the entry's.
 * @param {string} title
 */
function startProgress(title) {
  const began = Date.now()
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`
  const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
  let frame = 0
  const isTerminal = process.stderr.isTTY
  if (!isTerminal) console.error(`${title} …`)
  const timer = setInterval(
    () => {
      if (isTerminal) process.stderr.write(`\r${frames[frame++ % frames.length]} ${title} … ${seconds()} `)
      else console.error(`${title} … ${seconds()}`)
    },
    isTerminal ? 100 : 10_000,
  )
  return {
    /** @param {string} outcome */
    end(outcome) {
      clearInterval(timer)
      console.error(`${isTerminal ? '\r\u001b[K' : ''}${title}: ${outcome} in ${seconds()}`)
    },
  }
}
