import { render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { Dialog, DropdownMenu } from 'radix-ui'
import { StrictMode, useState, type ReactNode } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { createCommandRegistry } from './registry.ts'
import { CommandContext, useCommand, useKeyboard } from './use-command.ts'

afterEach(() => vi.restoreAllMocks())

function Offer({ on, run, isEnabled = true }: { on: string; run: () => void; isEnabled?: boolean }) {
  useCommand({ id: on, title: `Do ${on}`, section: 'Test', shortcut: on, run, isEnabled })
  return null
}

function Keyboard({ children }: { children: ReactNode }) {
  const [commands] = useState(createCommandRegistry)
  useKeyboard(commands)
  return <CommandContext value={commands}>{children}</CommandContext>
}

/** Offers a command for each shortcut; how often each was run is counted by shortcut. */
function press(shortcuts: string[], around: ReactNode = null) {
  const counts: Record<string, number> = {}
  const offers = shortcuts.map((on) => <Offer key={on} on={on} run={() => void (counts[on] = (counts[on] ?? 0) + 1)} />)
  render(
    <StrictMode>
      <Keyboard>
        {offers}
        {around}
      </Keyboard>
    </StrictMode>,
  )
  return { user: userEvent.setup(), counts }
}

const onPlatform = (platform: string) => vi.spyOn(navigator, 'platform', 'get').mockReturnValue(platform)

test.each([
  ['e', 'e'],
  ['?', '{Shift>}?{/Shift}'],
  ['/', '/'],
  ['shift+slash', '{Shift>}?{/Shift}'],
  ['escape', '{Escape}'],
  ['shift+j', '{Shift>}J{/Shift}'],
  ['g>i', 'gi'],
  ['mod+k', '{Control>}k{/Control}'],
  ['mod+enter', '{Control>}{Enter}{/Control}'],
])('%s runs its command once', async (shortcut, keys) => {
  onPlatform('Linux x86_64')
  const { user, counts } = press([shortcut])
  await user.keyboard(keys)
  expect(counts).toEqual({ [shortcut]: 1 })
})

test('mod is ⌘ on a Mac, and Ctrl nowhere else', async () => {
  onPlatform('MacIntel')
  const { user, counts } = press(['mod+k', 'k'])
  await user.keyboard('{Meta>}k{/Meta}')
  expect(counts).toEqual({ 'mod+k': 1 })
  await user.keyboard('{Control>}k{/Control}')
  expect(counts).toEqual({ 'mod+k': 1 })
})

test('the browser keeps what it does with the same letter and another key', async () => {
  onPlatform('Linux x86_64')
  const { user, counts } = press(['e', 'r', 'j'])
  await user.keyboard('{Control>}r{/Control}{Alt>}e{/Alt}{Meta>}e{/Meta}{Shift>}J{/Shift}')
  expect(counts).toEqual({})
})

test('the second key of a sequence does nothing by itself', async () => {
  const { user, counts } = press(['a', 'g>a', 'g>i', 'e'])
  await user.keyboard('ga')
  expect(counts).toEqual({ 'g>a': 1 })
  await user.keyboard('a')
  expect(counts).toEqual({ 'g>a': 1, a: 1 })
  // Neither does a wrong one.
  await user.keyboard('ge')
  expect(counts).toEqual({ 'g>a': 1, a: 1 })
  await user.keyboard('e')
  expect(counts).toEqual({ 'g>a': 1, a: 1, e: 1 })
})

test('a sequence that is not gone on with is forgotten', async () => {
  const { user, counts } = press(['a', 'g>a'])
  const now = vi.spyOn(Date, 'now').mockReturnValue(1_000)
  await user.keyboard('g')
  now.mockReturnValue(10_000)
  await user.keyboard('a')
  expect(counts).toEqual({ a: 1 })
})

test('who types is left alone, but for shortcuts with Ctrl', async () => {
  onPlatform('Linux x86_64')
  const fields = (
    <>
      <input aria-label="Text" />
      <textarea aria-label="Long" />
      <input type="checkbox" aria-label="Tick" />
    </>
  )
  const { user, counts } = press(['e', 'g>i', 'mod+k'], fields)
  await user.type(screen.getByRole('textbox', { name: 'Text' }), 'egi')
  await user.type(screen.getByRole('textbox', { name: 'Long' }), 'egi')
  expect(counts).toEqual({})
  expect(screen.getByRole('textbox', { name: 'Text' })).toHaveProperty('value', 'egi')
  await user.keyboard('{Control>}k{/Control}')
  screen.getByRole('checkbox').focus()
  await user.keyboard('e')
  expect(counts).toEqual({ 'mod+k': 1, e: 1 })
})

test('an open dialog or menu has the keys for itself', async () => {
  const around = (
    <>
      <Dialog.Root>
        <Dialog.Trigger>Open dialog</Dialog.Trigger>
        <Dialog.Content aria-describedby={undefined}>
          <Dialog.Title>A dialog</Dialog.Title>
        </Dialog.Content>
      </Dialog.Root>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger>Open menu</DropdownMenu.Trigger>
        <DropdownMenu.Content>
          <DropdownMenu.Item>Edit</DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
    </>
  )
  const { user, counts } = press(['e'], around)
  for (const opener of ['Open dialog', 'Open menu']) {
    await user.click(screen.getByRole('button', { name: opener }))
    await user.keyboard('e')
    expect(counts).toEqual({})
    await user.keyboard('{Escape}')
  }
  await user.keyboard('e')
  expect(counts).toEqual({ e: 1 })
})

test('the latest command of a shortcut is run, and a disabled one never', async () => {
  const [outer, inner, off] = [vi.fn(), vi.fn(), vi.fn()]
  render(
    <Keyboard>
      <Offer on="e" run={outer} />
      <Offer on="e" run={inner} />
      <Offer on="e" run={off} isEnabled={false} />
    </Keyboard>,
  )
  await userEvent.setup().keyboard('e')
  expect([outer, inner, off].map((run) => run.mock.calls.length)).toEqual([0, 1, 0])
})

test('a key that is held runs a command once, but moves on', async () => {
  const { user, counts } = press(['e', 'j'])
  await user.keyboard('{e>3/}{j>3/}')
  expect(counts).toEqual({ e: 1, j: 3 })
})

test('single keys can be switched off', async () => {
  onPlatform('Linux x86_64')
  localStorage.setItem('quimbi.shortcuts', 'false')
  const { user, counts } = press(['e', '?', 'g>i', 'mod+k'])
  await user.keyboard('e{Shift>}?{/Shift}gi{Control>}k{/Control}')
  expect(counts).toEqual({ 'mod+k': 1 })
})

test('letters of other scripts stand where the Latin ones do', async () => {
  const { counts } = press(['e'])
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'у', code: 'KeyE', bubbles: true, cancelable: true }))
  expect(counts).toEqual({ e: 1 })
})
