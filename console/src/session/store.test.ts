import { afterEach, expect, test, vi } from 'vitest'
import { createSessionStore, onOtherPerson, type Login } from './store.ts'

const mia: Login = { accessToken: 'a', expiresAt: '2999-01-01T00:00:00Z', tenant: 'mugs', email: 'mia@example.test' }
const over = { ...mia, expiresAt: '2001-01-01T00:00:00Z' }

afterEach(() => vi.useRealTimers())

test('a login is kept between visits, until its time is over', () => {
  createSessionStore().set(mia)
  expect(createSessionStore().current()).toEqual(mia)
  createSessionStore().set(over)
  const next = createSessionStore()
  expect([next.current(), next.reason()]).toEqual([null, 'EXPIRED'])
})

test('whoever was never here has no reason to be told', () => {
  localStorage.setItem('quimbi.login', 'no JSON {')
  const session = createSessionStore()
  expect([session.current(), session.reason()]).toEqual([null, null])
})

test('a login that the server ended after its time has expired', () => {
  const session = createSessionStore()
  session.set(mia)
  session.set(null, 'ENDED')
  expect(session.reason()).toBe('ENDED')
  session.set(over)
  session.set(null, 'ENDED')
  expect(session.reason()).toBe('EXPIRED')
})

test('logging out in one tab logs out all', () => {
  const session = createSessionStore()
  session.set(mia)
  localStorage.removeItem('quimbi.login')
  window.dispatchEvent(new StorageEvent('storage', { key: 'quimbi.login', storageArea: localStorage }))
  expect([session.current(), session.reason()]).toEqual([null, 'SIGNED_OUT'])
})

test('another person is told of, the same one with a new token is not', () => {
  const session = createSessionStore()
  session.set(mia)
  const changed = vi.fn()
  onOtherPerson(session, changed)
  session.set({ ...mia, accessToken: 'b', email: 'Mia@example.test' })
  expect(changed).not.toHaveBeenCalled()
  session.set({ ...mia, email: 'sam@example.test' })
  session.set(null)
  expect(changed).toHaveBeenCalledTimes(2)
})
