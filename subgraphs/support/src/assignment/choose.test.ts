import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choose, hasSkills, type Candidate, type Wanted } from './choose.ts'

const agent = (id: string, changes: Partial<Candidate> = {}): Candidate => ({
  id,
  name: id,
  role: 'AGENT',
  skills: [],
  capacity: 10,
  load: 0,
  lastAssignedAt: null,
  ...changes,
})
const ticket = (changes: Partial<Wanted> = {}): Wanted => ({
  skills: [],
  topics: [],
  isVip: false,
  churnRisk: null,
  ...changes,
})
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute))
const idOf = (...given: Parameters<typeof choose>) => choose(...given)?.agentId ?? null

describe('the best fit', () => {
  it.each([
    [
      'the queue’s skills before everything',
      [agent('a', { load: 9, skills: ['Refunds'] }), agent('b')],
      ticket({ skills: ['refunds'] }),
      'a',
    ],
    [
      'nobody without the queue’s skills',
      [agent('a'), agent('b', { skills: ['sizes'] })],
      ticket({ skills: ['refunds'] }),
      null,
    ],
    [
      'more of the topics before room',
      [agent('a', { skills: ['vat'], load: 8 }), agent('b')],
      ticket({ topics: ['VAT', 'x'] }),
      'a',
    ],
    [
      'all of the topics before some',
      [agent('a', { skills: ['x'] }), agent('b', { skills: ['y', 'x'], load: 5 })],
      ticket({ topics: ['x', 'y'] }),
      'b',
    ],
    [
      'a senior agent for a VIP, before room',
      [agent('a'), agent('b', { role: 'SENIOR_AGENT', load: 9 })],
      ticket({ isVip: true }),
      'b',
    ],
    [
      'a senior agent for a churn risk of 0.6',
      [agent('a'), agent('b', { role: 'TEAM_LEAD', load: 9 })],
      ticket({ churnRisk: 0.6 }),
      'b',
    ],
    [
      'anybody below that',
      [agent('a'), agent('b', { role: 'SENIOR_AGENT', load: 9 })],
      ticket({ churnRisk: 0.59 }),
      'a',
    ],
    [
      'anybody where no senior agent has room',
      [agent('a'), agent('b', { role: 'ADMIN', load: 10 })],
      ticket({ isVip: true }),
      'a',
    ],
    [
      'topics before seniority',
      [agent('a', { skills: ['x'] }), agent('b', { role: 'ADMIN' })],
      ticket({ isVip: true, topics: ['x'] }),
      'a',
    ],
    [
      'most spare capacity, not the smallest share',
      [agent('a', { capacity: 10, load: 5 }), agent('b', { capacity: 4, load: 0 })],
      ticket(),
      'a',
    ],
    [
      'longest idle among equals',
      [agent('a', { lastAssignedAt: at(5) }), agent('b', { lastAssignedAt: at(4) })],
      ticket(),
      'b',
    ],
    ['who never had one is longest idle', [agent('a', { lastAssignedAt: at(5) }), agent('b')], ticket(), 'b'],
    ['nobody when all are full', [agent('a', { load: 10 }), agent('b', { capacity: 0 })], ticket(), null],
    ['nobody when there is none', [], ticket(), null],
  ] as const)('takes %s', (_, candidates, wanted, expected) => {
    expect(idOf(candidates, wanted, 'BEST_FIT')).toBe(expected)
  })

  it('says why', () => {
    const candidates = [agent('Ada', { role: 'SENIOR_AGENT', skills: ['refunds', 'vat'], load: 3 })]
    const wanted = ticket({ skills: ['refunds'], topics: ['vat'], isVip: true })
    expect(choose(candidates, wanted, 'BEST_FIT')?.explanation).toBe(
      'Ada is good at refunds, vat, is senior, for a VIP, has room: 3 of 10 tickets.',
    )
  })
})

describe('the other strategies', () => {
  it('take who has the fewest tickets for their capacity', () => {
    const candidates = [agent('a', { capacity: 10, load: 5 }), agent('b', { capacity: 4, load: 1 })]
    expect(idOf(candidates, ticket(), 'LEAST_LOADED')).toBe('b')
  })

  it('take turns', () => {
    const candidates = [agent('a', { lastAssignedAt: at(3) }), agent('b', { lastAssignedAt: at(2), load: 9 })]
    expect(idOf(candidates, ticket(), 'ROUND_ROBIN')).toBe('b')
  })
})

describe('every strategy', () => {
  const label = fc.constantFrom('a', 'B', 'b', 'c')
  const candidates = fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      name: fc.constant('x'),
      role: fc.constantFrom('AGENT', 'SENIOR_AGENT', 'ADMIN'),
      skills: fc.array(label),
      capacity: fc.nat(5),
      load: fc.nat(5),
      lastAssignedAt: fc.option(fc.nat(3).map(at)),
    }),
    { selector: ({ id }) => id, maxLength: 8 },
  )
  const wanted = fc.record({
    skills: fc.array(label, { maxLength: 2 }),
    topics: fc.array(label),
    isVip: fc.boolean(),
    churnRisk: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  const strategy = fc.constantFrom('BEST_FIT' as const, 'LEAST_LOADED' as const, 'ROUND_ROBIN' as const)

  it('chooses somebody with the skills and room if there is one, and the same in any order', () => {
    fc.assert(
      fc.property(candidates, wanted, strategy, (agents, what, how) => {
        const choice = choose(agents, what, how)
        const fit = agents.filter(({ load, capacity, skills }) => load < capacity && hasSkills(skills, what.skills))
        expect(choice === null).toBe(fit.length === 0)
        if (choice) expect(fit.map(({ id }) => id)).toContain(choice.agentId)
        expect(choose(agents.toReversed(), what, how)).toEqual(choice)
      }),
    )
  })
})
