import { beforeEach, expect, test } from 'vitest'
import { forgetOldTexts, keepText, restoreText } from './kept-text.ts'
import { emptyComposer, type ComposerState } from './state.ts'

const day = 86_400_000
const written = (text: string): ComposerState => ({ ...emptyComposer, note: text })

/** A storage that holds so many characters; like the browser's, it throws where there is no more room, and keeps what was there. */
function aStorage(most: number): Storage {
  const used = (but: string) =>
    Object.keys(localStorage).reduce(
      (sum, key) => (key === but ? sum : sum + (localStorage.getItem(key) ?? '').length),
      0,
    )
  return new Proxy(localStorage, {
    get(target, name) {
      if (name !== 'setItem')
        return typeof target[name as never] === 'function'
          ? (target[name as never] as () => void).bind(target)
          : target[name as never]
      return (key: string, value: string) => {
        if (used(key) + value.length > most) throw new DOMException('full', 'QuotaExceededError')
        target.setItem(key, value)
      }
    },
  })
}

const textOf = (ticketId: string) => restoreText('maya', ticketId).note
const size = (text: string) => {
  keepText('maya', 'measured', written(text), 0)
  const { length } = localStorage.getItem('quimbi.text.maya.measured') ?? ''
  localStorage.clear()
  return length
}

beforeEach(() => localStorage.clear())

test('where the storage is full, the oldest texts make room for what is written, and no more of them than it needs', () => {
  const long = 'x'.repeat(100)
  const storage = aStorage(3 * size(long) + 20)
  localStorage.setItem('other', 'not ours')
  keepText('maya', 'second', written(long), 2, storage)
  keepText('maya', 'first', written(long), 1, storage)
  keepText('maya', 'third', written(long), 3, storage)
  keepText('maya', 'now', written(long), 4, storage)
  expect(['first', 'second', 'third', 'now'].map(textOf)).toEqual(['', long, long, long])
  expect(localStorage.getItem('other')).toBe('not ours')
})

test('what is being written is never forgotten, also as the oldest', () => {
  const long = 'x'.repeat(100)
  const storage = aStorage(2 * size(long) + 20)
  keepText('maya', 'mine', written(long), 1, storage)
  keepText('maya', 'other', written(long), 2, storage)
  keepText('maya', 'mine', written(`${long} and more words that do not fit any more`), 3, storage)
  expect(textOf('mine')).toContain('and more words')
  expect(textOf('other')).toBe('')
})

test('a text too large for an empty storage leaves what was kept of it before', () => {
  const storage = aStorage(size('short') + 10)
  keepText('maya', 'mine', written('short'), 1, storage)
  keepText('maya', 'mine', written('x'.repeat(1_000)), 2, storage)
  expect(textOf('mine')).toBe('short')
})

test('texts that nobody came back to for a month are forgotten, and damaged ones', () => {
  const now = 100 * day
  keepText('maya', 'old', written('old'), now - 31 * day)
  keepText('maya', 'new', written('new'), now - 29 * day)
  localStorage.setItem('quimbi.text.maya.damaged', '{')
  localStorage.setItem('quimbi.theme', '"dark"')
  forgetOldTexts(now)
  expect(Object.keys(localStorage).toSorted()).toEqual(['quimbi.text.maya.new', 'quimbi.theme'])
})
