import { UserErrors } from '@quimbi/service/errors.ts'
import { expect, it } from 'vitest'
import { systemActor } from '../log/actors.ts'
import { tagsOf, tagSteps, untagSteps } from './tags.ts'

const by = { kind: 'agent', id: 'a' } as const
const model = { by: systemActor('MODEL', 'triage'), confidence: 0.8 }
const imported = { by: systemActor('IMPORT', 'import'), confidence: null }

it('a label without a known origin comes from an import', () => {
  const ticket = { tags: ['late', 'vip', '__proto__'], tagOrigins: { vip: { by, confidence: null } } }
  expect(tagsOf(ticket)).toEqual([
    { name: 'late', ...imported },
    { name: 'vip', by, confidence: null },
    { name: '__proto__', ...imported },
  ])
})

it('only labels that are not there are added, with their origin; the others keep theirs', () => {
  const ticket = { tags: ['vip'], tagOrigins: { vip: { by, confidence: null } } }
  const [step] = tagSteps(ticket, ['vip', '__proto__'], model)
  expect(step?.set?.tags).toEqual(['vip', '__proto__'])
  const stored = JSON.parse(JSON.stringify(step?.set)) as typeof ticket
  expect(tagsOf(stored)).toEqual([
    { name: 'vip', by, confidence: null },
    { name: '__proto__', ...model },
  ])
  expect(tagSteps(ticket, ['vip'], model)).toEqual([])
})

it('a removed label takes its origin along', () => {
  const ticket = { tags: ['vip', 'late'], tagOrigins: { vip: { by, confidence: null } } }
  expect(untagSteps(ticket, ['vip', 'x'])).toEqual([{ type: 'UNTAGGED', set: { tags: ['late'], tagOrigins: {} } }])
  expect(untagSteps(ticket, ['x'])).toEqual([])
})

it('a ticket has at most fifty labels', () => {
  const tags = Array.from({ length: 49 }, (_, index) => `${index}`)
  expect(tagSteps({ tags, tagOrigins: {} }, ['a'], model)).toHaveLength(1)
  expect(() => tagSteps({ tags, tagOrigins: {} }, ['a', 'b'], model)).toThrow(UserErrors)
})
