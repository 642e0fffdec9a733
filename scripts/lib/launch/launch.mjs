import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { consoleStep, servesConsole } from './console.mjs'
import { generatedStep } from './generated.mjs'
import { handOver } from './handover.mjs'
import { installStep } from './install.mjs'
import { withLock } from './lock.mjs'
import { root, userDirectory } from './paths.mjs'
import { runStep, StepFailed } from './step.mjs'

const GENERATE = 'scripts/generate.ts'

/**
 * Brings the project up to date (only the steps whose inputs changed), then runs the entry and takes over its exit code.
 * @param {string[]} argv the entry, relative to the project's root, and its arguments
 */
export async function launch([entry, ...args]) {
  if (!entry || !existsSync(resolve(root, entry))) {
    console.error(
      `usage: node scripts/launch.mjs scripts/NAME.ts [arguments…]${entry ? `\nno such entry: ${entry}` : ''}`,
    )
    process.exit(2)
  }
  const isHelp = args.includes('--help')
  const steps = entry === GENERATE ? [installStep] : [installStep, generatedStep]
  if (servesConsole(entry) && !isHelp) steps.push(consoleStep)
  try {
    // Checked before the lock is taken, so that a checkout its user may not write to still starts when it is ready.
    if (steps.some((step) => !step.isDone())) {
      await withLock(resolve(root, '.data/setup.lock'), async () => {
        for (const step of steps) if (!step.isDone()) await runStep(step)
      })
    }
  } catch (error) {
    if (error instanceof StepFailed) console.error(error.message)
    else {
      const reason = error instanceof Error ? error.message : String(error)
      console.error(`The set-up failed: ${reason}\nIt needs to write to ${root}.`)
    }
    process.exit(error instanceof StepFailed ? error.exitCode : 1)
  }
  const exitCode = await handOver(entry, args, userDirectory)
  if (entry === GENERATE && exitCode === 0 && !isHelp) generatedStep.markDone()
  process.exitCode = exitCode
}
