import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, resolve } from 'node:path'
import { nodeFlags } from './node-flags.mjs'
import { pinnedNode, root } from './paths.mjs'

/** How long a child may take after a Ctrl-C before it is told to stop once more. */
const PATIENCE_MS = 15_000

/**
 * Runs the entry on the pinned Node and waits for it.
 * @param {string} entry
 * @param {string[]} args
 * @param {string} userDirectory told to the entry as QUIMBI_CWD, which relative file arguments start from
 * @returns {Promise<number>} its exit code; 128 + n when signal n ended it
 */
export function handOver(entry, args, userDirectory) {
  return new Promise((done) => {
    const path = [resolve(root, 'node_modules/.bin'), process.env['PATH']].filter(Boolean).join(delimiter)
    const child = spawn(pinnedNode, [...(nodeFlags[entry] ?? []), resolve(root, entry), ...args], {
      cwd: root,
      env: { ...process.env, PATH: path, QUIMBI_CWD: userDirectory },
      stdio: 'inherit',
    })
    /** @type {Set<NodeJS.Signals>} */
    const forwarded = new Set()
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      if (!forwarded.has(signal)) child.kill(signal)
      forwarded.add(signal)
    }
    // A terminal sends Ctrl-C to the whole foreground group, so the child has it already; a second one would mean "at once".
    const onInterrupt = () => {
      if (!isForeground()) forward('SIGINT')
      setTimeout(() => forward('SIGTERM'), PATIENCE_MS).unref()
    }
    const listeners = /** @type {const} */ ([
      ['SIGINT', onInterrupt],
      ['SIGTERM', forward],
      ['SIGHUP', forward],
    ])
    for (const [signal, listener] of listeners) process.on(signal, listener)
    /** @param {number} exitCode */
    const finish = (exitCode) => {
      for (const [signal, listener] of listeners) process.off(signal, listener)
      done(exitCode)
    }
    child.on('error', (error) => {
      console.error(`The pinned Node does not run: ${error.message}`)
      finish(1)
    })
    child.on('exit', (code, signal) => finish(signal ? 128 + constants.signals[signal] : (code ?? 1)))
  })
}

/** Whether this process belongs to the group that its terminal sends Ctrl-C to. */
function isForeground() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return terminal !== '0' && group === foreground
  } catch {
    return process.stdin.isTTY
  }
}
