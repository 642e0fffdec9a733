import { expect, test } from 'vitest'
import { differenceOf } from './outbox/difference.ts'
import { segmentsOf } from './composer/citations.ts'
import { mentionAt, mentionedIn, withMention } from './composer/mention.ts'
import { refusalOf } from './composer/upload.ts'
import { linksOf } from './conversation/links.ts'
import { mentionPartsOf } from './conversation/mentions.ts'

test('only safe addresses become links, without the mark behind them', () => {
  expect(linksOf('See https://a.example/x?y=1. Or write to mia@b.example!')).toEqual([
    { text: 'See ' },
    { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
    { text: '. Or write to ' },
    { text: 'mia@b.example', href: 'mailto:mia@b.example' },
    { text: '!' },
  ])
  const hostile = 'javascript:alert(1) <img src=x onerror=alert(1)> data:text/html,x'
  expect(linksOf(hostile)).toEqual([{ text: hostile }])
})

test('a sentence keeps its citations while it stands as it was written', () => {
  const citation = {
    __typename: 'Citation' as const,
    id: 'o1',
    quote: '#1',
    sentence: 'It is #1.',
    source: 'ORDER' as const,
  }
  expect(segmentsOf('Hello. It is #1. Bye.', [citation])).toEqual([
    { text: 'Hello. ', citations: [] },
    { text: 'It is #1.', citations: [citation] },
    { text: ' Bye.', citations: [] },
  ])
  expect(segmentsOf('It is #2.', [citation])).toEqual([{ text: 'It is #2.', citations: [] }])
})

test('a conversation that went on is told by what is new, gone and edited', () => {
  const before = ['Mei: one', 'Mei: two', 'Sam: three', 'Mei: four']
  const now = ['Mei: one', 'Mei: two', 'Sam: three and more', 'Mei: four', 'Mei: five']
  expect(differenceOf(before, now)).toEqual([
    { is: 'same', text: 'Mei: two' },
    {
      is: 'changed',
      parts: [
        { is: 'same', text: 'Sam: three ' },
        { is: 'added', text: 'and more' },
      ],
    },
    { is: 'same', text: 'Mei: four' },
    { is: 'added', text: 'Mei: five' },
  ])
  expect(differenceOf(['Mei: a'], [])).toEqual([{ is: 'removed', text: 'Mei: a' }])
  expect(differenceOf(before, before)).toEqual([])
})

test('mentions are found where they are begun, and by their whole names', () => {
  const agents = [
    { id: '1', name: 'Sam' },
    { id: '2', name: 'Sam Okafor' },
  ]
  expect(mentionAt('Hi @sam o', 9)).toEqual({ from: 3, query: 'sam o' })
  expect(mentionAt('mia@b.example', 13)).toBeNull()
  expect(withMention('Hi @sa there', 6, { id: '2', name: 'Sam Okafor' })).toEqual({
    text: 'Hi @Sam Okafor there',
    caret: 15,
  })
  expect(mentionedIn('@Sam Okafor, look', agents)).toEqual(['2'])
  expect(mentionPartsOf('To @Sam Okafor.', ['Sam', 'Sam Okafor'])).toEqual([
    { text: 'To ', isMention: false },
    { text: '@Sam Okafor', isMention: true },
    { text: '.', isMention: false },
  ])
})

test('a file is refused before it is sent anywhere', () => {
  expect(refusalOf({ name: 'a.png', size: 26 * 1024 * 1024 })).toBe('a.png is larger than 25 MB.')
  expect(refusalOf({ name: 'a.png', size: 0 })).toBe('a.png is empty.')
  expect(refusalOf({ name: 'a.png', size: 1 })).toBeNull()
})
