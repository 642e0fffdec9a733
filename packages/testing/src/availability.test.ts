import { afterEach, describe, expect, it, vi } from 'vitest'
import { available } from './availability.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('what a machine lacks', () => {
  it('is named aloud once', () => {
    vi.stubEnv('CI', '')
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    expect(available('imaginary-server', false)).toBe(false)
    expect(available('imaginary-server', false)).toBe(false)
    expect(write.mock.calls).toEqual([['skipped: imaginary-server is not on this machine\n']])
  })

  it('fails under CI', () => {
    vi.stubEnv('CI', 'true')
    expect(() => available('other-server', false)).toThrow('other-server is missing')
    expect(available('present-server', true)).toBe(true)
  })
})
