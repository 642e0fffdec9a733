import { act, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { Suspense, useState, type ComponentType } from 'react'
import { expect, test, vi } from 'vitest'
import { lazyPart } from './lazy-part.tsx'

const There = ({ name }: { name: string }) => <p>{name} is there</p>

function Page({ part: Part }: { part: ComponentType<{ name: string }> }) {
  const [isOpen, setOpen] = useState(true)
  return (
    <>
      <input aria-label="Written" />
      <button onClick={() => setOpen(!isOpen)}>{isOpen ? 'Close' : 'Open'}</button>
      {isOpen && (
        <Suspense>
          <Part name="Mia" />
        </Suspense>
      )}
    </>
  )
}

const failingOnce = () => vi.fn(async () => There).mockRejectedValueOnce(new Error('offline'))

test('a part that cannot be fetched says so in its place, keeps the page, and is tried again', async () => {
  const load = failingOnce()
  const user = userEvent.setup()
  render(<Page part={lazyPart(load)} />)
  expect((await screen.findByRole('alert')).textContent).toMatch(/could not be loaded/)
  await user.type(screen.getByLabelText('Written'), 'kept')
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('Mia is there')).toBeDefined()
  expect(screen.getByLabelText('Written')).toHaveProperty('value', 'kept')
  expect(load).toHaveBeenCalledTimes(2)
})

test('a silent one shows nothing, and comes when it is next shown', async () => {
  const load = failingOnce()
  const user = userEvent.setup()
  render(<Page part={lazyPart(load, { isSilent: true })} />)
  await vi.waitFor(() => expect(load).toHaveBeenCalled())
  // It shows nothing that could be waited for.
  await act(() => Promise.allSettled(load.mock.results.map(({ value }) => value as unknown)))
  expect(screen.queryByRole('alert')).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Close' }))
  await user.click(screen.getByRole('button', { name: 'Open' }))
  expect(await screen.findByText('Mia is there')).toBeDefined()
})
