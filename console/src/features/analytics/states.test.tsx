import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { AgentsPart } from './agents-part.tsx'
import { ChurnPart } from './churn-part.tsx'
import { CohortsPart } from './cohorts-part.tsx'
import { DraftsPart } from './drafts-part.tsx'
import { ModelsPart } from './models-part.tsx'
import { SegmentsPart } from './segments-part.tsx'
import { SupportPart } from './support-part.tsx'

const none = { eligible: 0, shown: 0, inserted: 0, sentUnchanged: 0, sentEdited: 0, resolved: 0 }
const supportMetrics = {
  ...{ created: 0, closed: 0, reopened: 0, medianFirstResponseSeconds: null, medianResolutionSeconds: null },
  satisfaction: { answered: 0, average: null, positiveShare: null },
  ...{ series: [], byChannel: [], byAgent: [], slaAttainment: [] },
  draftFunnel: { total: none, byIntent: [] },
}
const nothing = 'There is nothing to show for this time yet.'
const money = (amount: string) => ({ amount, currencyCode: 'USD' })
const aDay = (at: string, highRiskCount: number) => ({
  ...{ at, averageRisk: 0.5, highRiskCount },
  revenueAtRisk: money('100.00'),
})

const parts = [
  {
    name: 'support',
    part: <SupportPart />,
    field: 'supportMetrics',
    empty: supportMetrics,
    says: 'No promise ended in this time.',
  },
  { name: 'agents', part: <AgentsPart />, field: 'supportMetrics', empty: supportMetrics, says: nothing },
  { name: 'drafts', part: <DraftsPart />, field: 'supportMetrics', empty: supportMetrics, says: /^0 of 0 replies/ },
  { name: 'churn', part: <ChurnPart />, field: 'churnTrend', empty: [], says: nothing },
  {
    name: 'segments',
    part: <SegmentsPart />,
    field: 'segmentDistribution',
    empty: [],
    says: 'Nobody has ordered yet.',
  },
  { name: 'cohorts', part: <CohortsPart />, field: 'cohorts', empty: [], says: 'Nobody has ordered yet.' },
  { name: 'models', part: <ModelsPart />, field: 'models', empty: [], says: /^None has been trained yet/ },
]
/** What stands beside some of them. */
const beside = { archetypes: [], jobs: [], drift: [], generationUsage: [] }

describe.each(parts)('the part of $name', ({ part, field, empty, says }) => {
  it('says that it loads', async () => {
    show(part, { answers: { ...beside, [field]: () => new Promise(() => undefined) } })
    expect(await screen.findByRole('status', { name: 'Loading figures' })).toBeTruthy()
    expect(screen.queryByText(says)).toBeNull()
  })

  it('says so where there is nothing', async () => {
    show(part, { answers: { ...beside, [field]: empty } })
    expect((await screen.findAllByText(says)).length).toBeGreaterThan(0)
    expect(screen.queryByRole('alert')).toBeNull()
  })
})

describe('a chart', () => {
  it('of one day says why there is no line', async () => {
    show(<ChurnPart />, { answers: { churnTrend: [aDay('2026-02-01T00:00:00Z', 3)] } })
    const figure = within(await screen.findByRole('figure', { name: 'Customers at 60% or more' }))
    expect(figure.getByText('The first day was Feb 1, 2026: 3. A line needs two.')).toBeTruthy()
    expect(figure.queryByRole('button')).toBeNull()
  })

  it('is a table for who wants that, and a chart again', async () => {
    const churnTrend = [aDay('2026-02-01T00:00:00Z', 3), aDay('2026-02-02T00:00:00Z', 4)]
    const { user } = show(<ChurnPart />, { answers: { churnTrend } })
    const figure = within(await screen.findByRole('figure', { name: 'Customers at 60% or more' }))
    await user.click(figure.getByRole('button', { name: /^Show as table/ }))
    const rows = figure.getAllByRole('row').map(({ textContent }) => textContent)
    expect(rows).toEqual(['DayCustomers at 60% or more', 'Feb 1, 20263', 'Feb 2, 20264'])
    await user.click(figure.getByRole('button', { name: /^Show as chart/ }))
    expect(figure.queryByRole('table')).toBeNull()
  })
})
