import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runStep } from './step.mjs'

const aStep = (script: string, more: Partial<Parameters<typeof runStep>[0]> = {}) => ({
  title: 'Installing',
  isDone: () => false,
  markDone: vi.fn(),
  command: process.execPath,
  args: ['-e', script],
  hint: 'Try again.',
  ...more,
})

// Progress goes to stderr by design; a test that is watched for console.error keeps it to itself.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => void vi.restoreAllMocks())

describe('a set-up step', () => {
  it('is marked as done when its command succeeds, and keeps its noise to itself', async () => {
    const step = aStep('console.log("noise")')
    await runStep(step)
    expect(step.markDone).toHaveBeenCalledOnce()
    expect(JSON.stringify(vi.mocked(console.error).mock.calls)).not.toContain('noise')
  })

  it('shows all its output and what to do when its command fails', async () => {
    const step = aStep('console.log("out"); console.error("err"); process.exit(3)')
    await expect(runStep(step)).rejects.toThrow(/out\nerr\n\nInstalling failed \(exit code 3\). Try again./)
    expect(step.markDone).not.toHaveBeenCalled()
  })

  it('fails when the command cannot be started', async () => {
    await expect(runStep(aStep('', { command: '/nowhere/npm' }))).rejects.toThrow(/ENOENT/)
  })

  it('fails when the command succeeds without the result', async () => {
    const step = aStep('', { problem: () => 'The pinned Node is missing.' })
    await expect(runStep(step)).rejects.toThrow('The pinned Node is missing.')
    expect(step.markDone).not.toHaveBeenCalled()
  })
})
