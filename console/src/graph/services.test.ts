import { expect, test, vi } from 'vitest'
import { createServices } from './services.ts'

const missing = (service: string) => [{ code: 'SUBGRAPH_UNAVAILABLE', message: 'away', service }]

test('a service is away from the first answer that misses it until it answers again', () => {
  const services = createServices(() => 1_000)
  const told = vi.fn()
  services.subscribe(told)
  services.heard(missing('intelligence'))
  services.heard([...missing('intelligence'), ...missing('support')])
  expect(services.current()).toEqual({ away: ['intelligence', 'support'], since: 1_000, isOutdated: false })
  expect(told).toHaveBeenCalledTimes(2)
  // Another answer says nothing of it.
  services.heard([])
  services.heard([{ code: 'FORBIDDEN', message: 'no', service: 'intelligence' }])
  expect(services.current().away).toContain('intelligence')
  services.back('support')
  services.back('intelligence')
  services.back('intelligence')
  expect(services.current()).toEqual({ away: [], since: null, isOutdated: false })
  expect(told).toHaveBeenCalledTimes(4)
})

test.each(['PERSISTED_QUERY_ONLY', 'PERSISTED_QUERY_NOT_FOUND'])('after %s a console is outdated for good', (code) => {
  const services = createServices()
  services.heard([{ code, message: 'no' }])
  services.heard([])
  expect(services.current().isOutdated).toBe(true)
})
