import type { Agent } from '../../generated/prisma/client.ts'
import type { Figures } from './read.ts'

/** A single dimension of GROUPING (a, b): all of it, by a, by b. */
const [byFirst, bySecond, whole] = [1, 2, 3] as const

const channels = ['EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM'] as const
const slaMetrics = ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'REQUESTER_WAIT', 'AGENT_WORK', 'RESOLUTION'] as const

const rateOf = (part: number, all: number): number | null => (all === 0 ? null : part / all)

/** The report of some figures: every day of `days` is there, and each agent who did anything. Pure. */
export function metricsOf(figures: Figures, days: readonly string[], agents: readonly Agent[]) {
  const { opened, closed, reopened, sla, answers } = figures
  const all = opened.find(({ of }) => of === whole)
  const done = closed.find(({ of }) => of === whole)
  const openedOn = new Map(opened.filter(({ of }) => of === byFirst).map((row) => [row.day, row]))
  const closedOn = new Map(closed.filter(({ of }) => of === byFirst).map((row) => [row.day, row]))
  const answered = answers.find(({ of }) => of === 1)
  return {
    created: all?.count ?? 0,
    closed: done?.count ?? 0,
    reopened,
    medianFirstResponseSeconds: all?.median ?? null,
    medianResolutionSeconds: done?.median ?? null,
    slaAttainment: slaMetrics.map((metric) => {
      const row = sla.find((one) => one.of === byFirst && one.metric === metric)
      const { achieved, breached } = row ?? { achieved: 0, breached: 0 }
      return { metric, achieved, breached, rate: rateOf(achieved, achieved + breached) }
    }),
    satisfaction: {
      answered: answered?.answered ?? 0,
      average: answered?.average ?? null,
      positiveShare: rateOf(answered?.positive ?? 0, answered?.answered ?? 0),
    },
    series: days.map((date) => ({
      date,
      created: openedOn.get(date)?.count ?? 0,
      closed: closedOn.get(date)?.count ?? 0,
      medianFirstResponseSeconds: openedOn.get(date)?.median ?? null,
    })),
    byAgent: agents.flatMap((agent) => agentMetrics(figures, agent) ?? []),
    byChannel: channels.flatMap((channel) => {
      const row = opened.find((one) => one.of === bySecond && one.channel === channel)
      return row ? [{ channel, count: row.count }] : []
    }),
    draftFunnel: {
      total: countsOf(figures, null),
      byIntent: intentsOf(figures).map((intent) => ({ intent, counts: countsOf(figures, intent) })),
    },
  }
}

function agentMetrics({ closed, sla, answers, replies }: Figures, agent: Agent) {
  const own = <Row extends { of: number; agentId: string | null }>(rows: readonly Row[], of: number) =>
    rows.find((row) => row.of === of && row.agentId === agent.id)
  const wrote = own(replies, byFirst)
  const [done, kept, scored] = [own(closed, bySecond), own(sla, bySecond), own(answers, 0)]
  if (!wrote && !done && !kept && !scored) return null
  return {
    agent,
    replied: wrote?.replied ?? 0,
    closed: done?.count ?? 0,
    medianFirstResponseSeconds: wrote?.median ?? null,
    slaRate: kept ? rateOf(kept.achieved, kept.achieved + kept.breached) : null,
    satisfaction: scored?.average ?? null,
  }
}

/** What customers wanted where there was a reply to draft, or a draft. */
function intentsOf({ replies, drafts }: Figures): string[] {
  const replied = replies.filter(({ of, eligible }) => of === bySecond && eligible > 0)
  const drafted = drafts.filter(({ of }) => of === 0)
  return [...new Set([...replied, ...drafted].flatMap(({ intent }) => intent ?? []))].sort()
}

/** Of one intent; null for all. */
function countsOf({ replies, drafts }: Figures, intent: string | null) {
  const draft = drafts.find((row) => (intent === null ? row.of === 1 : row.of === 0 && row.intent === intent))
  const reply = replies.find((row) =>
    intent === null ? row.of === whole : row.of === bySecond && row.intent === intent,
  )
  return {
    eligible: reply?.eligible ?? 0,
    shown: draft?.shown ?? 0,
    inserted: draft?.inserted ?? 0,
    sentUnchanged: draft?.sentUnchanged ?? 0,
    sentEdited: draft?.sentEdited ?? 0,
    resolved: draft?.resolved ?? 0,
  }
}
