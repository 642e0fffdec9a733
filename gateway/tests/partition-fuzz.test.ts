import { describe, expect, it } from 'vitest'
import { askBoth, askStock, differenceOf, isPlanned, partition } from './partition-kit.ts'

const graphs = 30
const questions = 12

/**
 * What Apollo’s planner does wrong, or cannot do, with these very graphs; its own executor fails at the same plan. Graph and question: what it is.
 */
const plannersFaults = new Map([
  ['26 0', 'asks for what is required of what is required where it is external'],
  ['30 3', 'the same'],
  ['30 6', 'the same'],
  ['30 9', 'the same'],
])

describe('a graph in subgraphs, beside the same in one piece', () => {
  it(`answers alike, for ${graphs} random graphs`, { timeout: 300_000 }, async () => {
    const seen = { composed: 0, asked: 0, failing: 0, unplanned: 0 }
    const faults: string[] = []
    for (let seed = 1; seed <= graphs; seed += 1) {
      const graph = partition(seed)
      if (!graph) continue
      seen.composed += 1
      for (let question = 0; question < questions; question += 1) {
        const answered = await askBoth(graph, seed * 1_000 + question)
        if (!answered) continue
        const { generated, whole, ours, difference } = answered
        seen.asked += 1
        if (whole.errors) seen.failing += 1
        if (!difference) continue
        // An interface object below a fragment on one of its interface’s types can be more than Apollo’s planner has a plan for.
        if (!isPlanned(graph, generated)) {
          seen.unplanned += 1
          continue
        }
        const place = `${seed} ${question}`
        faults.push(place)
        if (plannersFaults.has(place)) continue
        const stock = differenceOf(whole, await askStock(graph, generated))
        const about = [
          `graph ${seed}, question ${question}: ${difference}; Apollo’s executor: ${stock || 'right'}`,
          `${generated.query} ${JSON.stringify(generated.variables)}`,
          ...graph.sdls,
        ]
        expect(ours, about.join('\n\n')).toEqual(whole)
      }
    }
    expect(faults).toEqual([...plannersFaults.keys()])
    expect(seen.unplanned).toBeLessThan(seen.asked / 10)
    expect(seen.composed).toBeGreaterThan(graphs / 2)
    expect(seen.asked).toBeGreaterThan(graphs * questions * 0.5)
    expect(seen.failing).toBeGreaterThan(seen.asked / 10)
  })
})
