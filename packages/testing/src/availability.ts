import { testConfig } from './config.ts'

const announced = new Set<string>()

/**
 * `present`, after saying once what this machine lacks; for `describe.skipIf(!…)`.
 * @throws under continuous integration, where nothing may be skipped
 */
export function available(name: string, present: boolean): boolean {
  if (present || announced.has(name)) return present
  if (testConfig().ci) throw new Error(`${name} is missing, and under CI no test may be skipped.`)
  announced.add(name)
  process.stdout.write(`skipped: ${name} is not on this machine\n`)
  return false
}
