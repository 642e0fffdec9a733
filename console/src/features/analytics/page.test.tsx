import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { aViewer, show } from '../../../tests/kit.tsx'
// What the page loads later is loaded before: how long that takes is no matter of these tests.
import './agents-part.tsx'
import './churn-part.tsx'
import './cohorts-part.tsx'
import './drafts-part.tsx'
import './models-part.tsx'
import { AnalyticsPage } from './page.tsx'
import './segments-part.tsx'
import './support-part.tsx'

const page = (part: string, answers: Record<string, unknown> = {}, viewer = aViewer) =>
  show(<AnalyticsPage />, { at: `/analytics?part=${part}`, answers, viewer })

const counts = { eligible: 10, shown: 8, inserted: 5, sentUnchanged: 3, sentEdited: 1, resolved: 2 }
const supportMetrics = {
  ...{ created: 12, closed: 9, reopened: 1, medianFirstResponseSeconds: 3_300, medianResolutionSeconds: null },
  satisfaction: { answered: 0, average: null, positiveShare: null },
  series: [
    { date: '2026-02-01', created: 5, closed: 4, medianFirstResponseSeconds: 3_300 },
    { date: '2026-02-02', created: 7, closed: 5, medianFirstResponseSeconds: null },
  ],
  byChannel: [
    { channel: 'SMS', count: 3 },
    { channel: 'EMAIL', count: 9 },
  ],
  byAgent: [
    {
      agent: { id: 'a2', name: 'Ravi' },
      closed: 5,
      replied: 8,
      medianFirstResponseSeconds: 60,
      satisfaction: 4.5,
      slaRate: 0.9,
    },
    {
      agent: { id: 'a1', name: 'Inés' },
      closed: 4,
      replied: 6,
      medianFirstResponseSeconds: null,
      satisfaction: null,
      slaRate: null,
    },
  ],
  slaAttainment: [
    { metric: 'FIRST_RESPONSE', achieved: 3, breached: 1, rate: 0.75 },
    { metric: 'RESOLUTION', achieved: 0, breached: 0, rate: null },
  ],
  draftFunnel: { total: counts, byIntent: [{ intent: 'order_status', counts }] },
}

test('who may not read reports is told so, and nothing is asked', async () => {
  page('support', {}, { ...aViewer, permissions: ['ticket:read_own'] })
  expect(await screen.findByText('Reports are for team leads and above')).toBeTruthy()
  expect(screen.queryByRole('navigation')).toBeNull()
})

test('support: figures, charts, and each chart as a table', async () => {
  const { user } = page('support', { supportMetrics })
  const volume = await screen.findByRole('figure', { name: 'Tickets a day' })
  expect(within(volume).getByText('12 opened and 9 closed since Feb 1, 2026.')).toBeTruthy()
  expect(screen.getByText('no answers')).toBeTruthy()
  const sla = screen.getByRole('figure', { name: 'SLA attainment' })
  expect(within(sla).getByText('75% of 4 promises were kept.')).toBeTruthy()
  await user.click(within(sla).getByRole('button', { name: /Show as table/ }))
  expect(within(sla).getByRole('row', { name: 'First response 3 1 75%' })).toBeTruthy()
  expect(within(sla).queryByRole('row', { name: /Resolution/ })).toBeNull()
})

test('another period asks for another time, and stands in the address', async () => {
  const asked: { from: string; to: string }[] = []
  const { user, router } = page('support', {
    supportMetrics: (args: { from: string; to: string }) => {
      asked.push(args)
      return supportMetrics
    },
  })
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Period' }), 'Last 7 days')
  await expect.poll(() => asked.length).toBe(2)
  const days = asked.map(({ from, to }) => (Date.parse(to) - Date.parse(from)) / 86_400_000)
  expect(days).toEqual([30, 7])
  expect(String(router.state.location.search['days' as never])).toBe('7')
})

test('figures that cannot be loaded say so, and are tried again', async () => {
  let isUp = false
  const { user } = page('churn', {
    churnTrend: () => {
      if (!isUp) throw new Error('Intelligence does not answer.')
      return [
        {
          at: '2026-02-01T00:00:00Z',
          averageRisk: 0.5,
          highRiskCount: 3,
          revenueAtRisk: { amount: '100.00', currencyCode: 'USD' },
        },
        {
          at: '2026-02-02T00:00:00Z',
          averageRisk: 0.6,
          highRiskCount: 4,
          revenueAtRisk: { amount: '120.00', currencyCode: 'USD' },
        },
      ]
    },
  })
  expect(await screen.findByRole('alert')).toBeTruthy()
  isUp = true
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('From 50% on Feb 1, 2026 to 60% on Feb 2, 2026.')).toBeTruthy()
})

test('agents come by name, with dashes for what is not known', async () => {
  page('agents', { supportMetrics })
  const table = await screen.findByRole('table', { name: 'By agent' })
  const rows = within(table).getAllByRole('row').slice(1)
  expect(rows.map(({ textContent }) => textContent)).toEqual(['Inés64–––', 'Ravi851 min90%4.5 of 5'])
})

test('drafts: what became of them, of all and by intent', async () => {
  page('drafts', { supportMetrics })
  expect(await screen.findByText('4 of 10 replies were sent from a draft, 3 of them as it was.')).toBeTruthy()
  expect(screen.getByRole('row', { name: 'Order status 10 8 5 3 1 2' })).toBeTruthy()
})

test('cohorts: a table of numbers, the newest first', async () => {
  page('cohorts', {
    cohorts: [
      { startsAt: '2026-01-01T00:00:00Z', size: 4, values: [1, 0.5] },
      { startsAt: '2026-02-01T00:00:00Z', size: 2, values: [1] },
    ],
  })
  const rows = within(await screen.findByRole('table'))
    .getAllByRole('row')
    .slice(1)
  expect(rows.map(({ textContent }) => textContent)).toEqual(['Feb 20262100%', 'Jan 20264100%50%'])
})

test('segments keep archetypes where the axis cannot be told', async () => {
  page('segments', {
    archetypes: [
      {
        id: 'a1',
        name: 'Premium power buyers',
        level: 'STRENGTH',
        description: 'Much.',
        memberCount: 3,
        share: 0.5,
        averageChurnRisk: null,
        averageLtv: null,
      },
    ],
  })
  expect(await screen.findByRole('alert')).toBeTruthy()
  expect(await screen.findByRole('link', { name: 'Premium power buyers' })).toBeTruthy()
})

const model = (kind: string, metrics: object) => ({
  ...{
    id: `m-${kind}`,
    kind,
    version: '2026-03-01',
    role: 'CHALLENGER',
    trafficShare: 0,
    trainedAt: '2026-03-01T00:00:00Z',
    trainedOn: 900,
  },
  metrics,
})

test('models: how they did, training with its progress, and putting to use', async () => {
  let promoted: object = {}
  const jobs: object[] = []
  const { user } = page('models', {
    models: [
      model('CHURN', { auc: 0.81, brier: 0.12, champion: { auc: 0.79, brier: 0.11 } }),
      model('LTV', { mae: 30 }),
    ],
    jobs: () => jobs,
    drift: [],
    generationUsage: [],
    trainModels: () => {
      jobs.push({
        id: 'j1',
        kind: 'TRAIN',
        status: 'RUNNING',
        progress: 0.4,
        error: null,
        startedAt: null,
        finishedAt: null,
      })
      return { jobId: 'j1', userErrors: [] }
    },
    promoteModel: ({ input }: { input: object }) => {
      promoted = { ...input }
      return { model: null, userErrors: [] }
    },
  })
  expect(await screen.findByText(/against 0.79, better/)).toBeTruthy()
  expect(screen.getByText(/against 0.11, worse/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Use of 2026-03-01' }))
  await user.click(screen.getByRole('menuitem', { name: 'Put to use…' }))
  await user.click(screen.getByRole('button', { name: 'Put to use' }))
  await expect.poll(() => promoted).toEqual({ modelId: 'm-CHURN', role: 'CHAMPION' })
  await user.click(await screen.findByRole('button', { name: 'Train now' }))
  expect((await screen.findByRole('progressbar', { name: 'Training' })).getAttribute('value')).toBe('0.4')
  expect((screen.getByRole('button', { name: 'Training…' }) as HTMLButtonElement).disabled).toBe(true)
})

test('models are for managers', async () => {
  page('models', {}, { ...aViewer, permissions: ['report:read'] })
  expect(await screen.findByText('Models are for managers and administrators')).toBeTruthy()
})
