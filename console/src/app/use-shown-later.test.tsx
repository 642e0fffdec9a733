import { act, fireEvent, render, screen } from '@testing-library/react'
import { Suspense, use, useState } from 'react'
import { expect, test } from 'vitest'
import { useShownLater } from './use-shown-later.ts'

/** Pages that take as long to draw as the test wants. */
function aBook() {
  const drawn = new Map<string, PromiseWithResolvers<void>>()
  const of = (name: string) => {
    const known = drawn.get(name) ?? Promise.withResolvers<void>()
    drawn.set(name, known)
    return known
  }
  function Page({ name }: { name: string }) {
    use(of(name).promise)
    return <h1>{name}</h1>
  }
  function Book() {
    const [wanted, want] = useState('1')
    const { shown, showNow } = useShownLater(wanted)
    return (
      <>
        {['1', '2', '3'].map((name) => (
          <button key={name} aria-pressed={name === wanted} onClick={() => want(name)}>
            {name}
          </button>
        ))}
        <input aria-label="Words" />
        <div data-testid="page" onPointerEnter={showNow}>
          <Suspense fallback={<p>Drawing</p>}>{shown !== null && <Page key={shown} name={shown} />}</Suspense>
        </div>
      </>
    )
  }
  return { Book, draw: (name: string) => act(async () => of(name).resolve()) }
}

async function atFirst() {
  const { Book, draw } = aBook()
  await act(async () => void render(<Book />))
  await draw('1')
  expect(screen.getByRole('heading').textContent).toBe('1')
  const press = (name: string) => act(async () => screen.getByRole('button', { name }).click())
  return { draw, press }
}

const heading = () => screen.queryByRole('heading')?.textContent

test('what was pressed is marked at once; its page comes when it is drawn, and what was passed over never does', async () => {
  const { draw, press } = await atFirst()
  await press('2')
  expect(screen.getByRole('button', { name: '2' }).getAttribute('aria-pressed')).toBe('true')
  expect(heading()).toBe('1')
  await press('3')
  await draw('2')
  expect(heading()).toBe('1')
  await draw('3')
  expect(heading()).toBe('3')
})

test.each([
  ['a key', () => fireEvent.keyDown(document.body, { key: 'e' })],
  [
    'a key of the ones that move on, where it is a letter',
    () => fireEvent.keyDown(screen.getByLabelText('Words'), { key: 'j' }),
  ],
  ['a press', () => fireEvent.pointerDown(document.body)],
  ['the pointer that comes to the page', () => fireEvent.pointerEnter(screen.getByTestId('page'))],
])('%s means what was wanted: the former page is gone before anybody hears of it', async (_, come) => {
  const { press, draw } = await atFirst()
  await press('2')
  let heard: string | undefined | null = 'nothing'
  const hear = () => (heard = heading())
  for (const type of ['keydown', 'pointerdown']) document.addEventListener(type, hear, { once: true })
  await act(async () => void come())
  expect(heading()).not.toBe('1')
  expect(heard).not.toBe('1')
  await draw('2')
  expect(heading()).toBe('2')
})

test('a key that moves on leaves the page as it is', async () => {
  const { press } = await atFirst()
  await press('2')
  await act(async () => void fireEvent.keyDown(document.body, { key: 'j' }))
  expect(heading()).toBe('1')
})
