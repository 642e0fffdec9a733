import { fixedClock } from '@quimbi/service/clock.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import type { PeerGraph } from '@quimbi/service/peer-graph.ts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { toldOf, triageClient } from './triage-client.ts'
import { triageSchema, type TriageSource } from './triage.ts'

type Reading = Parameters<typeof toldOf>[0]
const sure = (label: string, confidence: number, ...evidence: string[]) => ({ label, confidence, evidence })
const reading: Reading = {
  sentiment: { score: 0.1, confidence: 0.9 },
  intent: sure('refund_request', 0.8, 'money back'),
  category: sure('refund', 0.85, 'money back'),
  urgency: sure('HIGH', 0.7, 'urgent'),
  tags: [{ label: 'urgent', confidence: 0.95 }],
  difficulty: 0.6,
  entities: [
    { kind: 'ORDER_NUMBER', text: '10442' },
    { kind: 'AMOUNT', text: '$20' },
  ],
}
const unsure: Reading = {
  ...{ sentiment: { score: 0.5, confidence: 0.5 }, intent: null, category: null, urgency: null },
  ...{ tags: [], difficulty: 0.4, entities: [] },
}

describe('what Support decides by', () => {
  it('is all that is sure, each as sure as it is', () => {
    const told = toldOf(reading)
    expect(triageSchema.parse(told)).toEqual({
      ...{ sentiment: 0.1, difficulty: 0.6, intent: 'refund_request', category: 'refund', priority: 'HIGH' },
      ...{ tags: ['urgent'], orderNumbers: ['10442'], confidence: 0.7, evidence: ['money back', 'urgent'] },
      confidences: {
        ...{ SENTIMENT: 0.9, INTENT: 0.8, CATEGORY: 0.85, PRIORITY: 0.7, DIFFICULTY: 0.8, 'TAG urgent': 0.95 },
      },
    })
  })

  it('leaves out what is not sure, and what is none of the labels', () => {
    const told = toldOf({ ...reading, intent: sure('other', 0.9), category: sure('refund', 0.59), urgency: null })
    expect(told).toMatchObject({ intent: null, category: null, difficulty: null, priority: null, sentiment: 0.1 })
    expect(toldOf(unsure)).toBeNull()
    expect(toldOf({ ...unsure, entities: reading.entities })).toMatchObject({
      orderNumbers: ['10442'],
      sentiment: null,
    })
  })

  it('fits what Support takes, however much was read', () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ kind: 'ORDER_NUMBER', text: `${n}`.repeat(30) }))
    const long = { ...reading, entities: many, intent: sure('refund_request', 0.9, 'x'.repeat(2_000)) }
    expect(triageSchema.safeParse(toldOf(long)).success).toBe(true)
  })
})

describe('the client', () => {
  const graph = vi.fn<PeerGraph>()
  const clock = fixedClock('2026-11-21T12:00:00.000Z')
  let triage: TriageSource
  beforeEach(() => {
    graph.mockReset().mockResolvedValue({ data: { triageMessage: reading } })
    triage = triageClient({ graph, clock, metrics: createMetrics('support') })
  })
  const about = {
    ...{ tenantId: 't', ticketId: 'a', messageId: 'm', subject: 'Money', channel: 'EMAIL', text: 'I want it back' },
    turns: [{ fromAgent: false, content: 'I want it back' }],
  }
  const { signal } = new AbortController()

  it('asks about the conversation, and not again about the same words of the same tenant', async () => {
    const told = await triage(about, signal)
    expect(told).toEqual(toldOf(reading))
    expect(graph.mock.calls[0]?.[0].variables).toEqual({
      input: { subject: 'Money', channel: 'EMAIL', turns: about.turns },
    })
    expect(await triage({ ...about, ticketId: 'b', messageId: 'n' }, signal)).toEqual(told)
    expect(graph).toHaveBeenCalledTimes(1)
    await triage({ ...about, tenantId: 'other' }, signal)
    await triage({ ...about, turns: [...about.turns, { fromAgent: true, content: 'Sure.' }] }, signal)
    expect(graph).toHaveBeenCalledTimes(3)
  })

  it('remembers that there was nothing to say', async () => {
    graph.mockResolvedValue({ data: { triageMessage: unsure } })
    expect([await triage(about, signal), await triage(about, signal)]).toEqual([null, null])
    expect(graph).toHaveBeenCalledTimes(1)
  })

  it('does not remember a failure', async () => {
    graph.mockResolvedValueOnce({ errors: [{ message: 'away' }] })
    await expect(triage(about, signal)).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })
    expect(await triage(about, signal)).toEqual(toldOf(reading))
  })

  it('sends the newest of a long conversation', async () => {
    const turns = Array.from({ length: 5 }, (_, n) => ({ fromAgent: false, content: `${n}`.repeat(40_000) }))
    await triage({ ...about, turns }, signal)
    const { input } = graph.mock.calls[0]?.[0].variables as { input: { turns: { content: string }[] } }
    expect(input.turns.map(({ content }) => content[0])).toEqual(['3', '4'])
  })
})
