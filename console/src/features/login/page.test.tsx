import { screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { DemoModeContext } from '../../session/demo-mode.ts'
import { LoginForm } from './form.tsx'
import { TryDemo } from './try-demo.tsx'

const answered = (userErrors: object[]) => ({ accessToken: null, expiresAt: null, userErrors })
const good = { accessToken: 'new', expiresAt: '2999-01-01T00:00:00Z', userErrors: [] }

async function filled(login: (asked: { input: object }) => unknown) {
  const shown = show(<LoginForm />, { answers: { login } })
  shown.graph.session.set(null)
  await shown.user.type(await screen.findByLabelText('Business'), ' mugs ')
  await shown.user.type(screen.getByLabelText('E-mail'), 'mia@example.test')
  await shown.user.type(screen.getByLabelText('Password'), 'secret')
  await shown.user.click(screen.getByRole('button', { name: 'Log in' }))
  return shown
}

test('who logs in is in, and business and e-mail are remembered, never the password', async () => {
  const asked: object[] = []
  const { graph, unmount } = await filled(({ input }) => {
    asked.push({ input: { ...input } })
    return good
  })
  await waitFor(() => expect(graph.session.current()).toMatchObject({ accessToken: 'new', tenant: 'mugs' }))
  expect(asked).toEqual([{ input: { tenant: 'mugs', email: 'mia@example.test', password: 'secret' } }])
  expect(JSON.stringify({ ...localStorage })).not.toContain('secret')
  unmount()
  show(<LoginForm />)
  expect(await screen.findByLabelText('Business')).toHaveProperty('value', 'mugs')
  expect(document.activeElement).toBe(screen.getByLabelText('Password'))
})

test.each([
  ['INVALID', 'The tenant, the address or the password is wrong.', /business, the e-mail or the password is wrong/],
  ['LIMIT_EXCEEDED', 'Too many attempts. Try again in 600 seconds.', /Try again in 10 minutes, at/],
])('%s is said so that one knows what to do', async (code, message, told) => {
  const { graph } = await filled(() => answered([{ code, message }]))
  expect((await screen.findByRole('alert')).textContent).toMatch(told)
  expect(graph.session.current()).toBeNull()
})

test('a server that does not answer is said', async () => {
  await filled(() => {
    throw new Error('no answer')
  })
  expect((await screen.findByRole('alert')).textContent).toMatch(/went wrong on our side/)
})

test('the local demo starts without a login, and says where it cannot be loaded', async () => {
  const start = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValueOnce(undefined)
  const { user } = show(
    <DemoModeContext value={{ isOn: false, start, exit: () => {} }}>
      <TryDemo />
    </DemoModeContext>,
  )
  await user.click(await screen.findByRole('button', { name: 'Try it here' }))
  expect((await screen.findByRole('alert')).textContent).toMatch(/could not be loaded/)
  await user.click(screen.getByRole('button', { name: 'Try it here' }))
  expect(start).toHaveBeenCalledTimes(2)
})
