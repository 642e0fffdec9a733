import { configure, screen } from '@testing-library/react'
import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { aViewer, show } from '../../../tests/kit.tsx'
import { SettingsPage } from './page.tsx'

// Sections are loaded when they are opened, which takes its time on a machine that does other things.
configure({ asyncUtilTimeout: 15_000 })

type List = {
  section: string
  /** The field that it shows, with rows of its own making. */
  field: string
  rows: readonly object[]
  isConnection?: boolean
  /** What names the row. */
  row: string | RegExp
  empty: string
  makes?: string
  /** Who may read but not change it; null where only those may read who may change. */
  reader: string[] | null
  /** Buttons that a reader finds in the row. */
  readerButtons?: number
}

const reader = ['config:read', 'agent:update']
const lists: readonly List[] = [
  {
    ...{
      section: 'agents',
      field: 'agents',
      isConnection: true,
      row: /Inés/,
      empty: 'Nobody fits',
      makes: 'New agent',
    },
    rows: [
      {
        ...{ __typename: 'Agent', id: 'a1', name: 'Inés', email: 'ines@example.test', role: 'AGENT', status: 'ONLINE' },
        ...{ isActive: true, acceptsNewTickets: true, capacity: 20, skills: [], teams: [] },
        workload: { open: 6, pending: 2, spare: 12 },
      },
    ],
    // A team lead changes skills and capacity, but adds nobody.
    reader,
    readerButtons: 2,
  },
  {
    ...{ section: 'teams', field: 'teams', row: /Returns/, empty: 'No teams yet', makes: 'New team', reader },
    rows: [{ __typename: 'Team', id: 't1', name: 'Returns', members: [] }],
  },
  {
    ...{ section: 'queues', field: 'queues', row: /Damage/, empty: 'No queues yet', makes: 'New queue', reader },
    rows: [
      {
        ...{ __typename: 'Queue', id: 'q1', name: 'Damage', description: null, openCount: 3, priorityOrder: 1 },
        ...{ skills: [], team: null },
      },
    ],
  },
  {
    ...{
      section: 'sla',
      field: 'slaPolicies',
      row: /Gold/,
      empty: 'Nothing is promised yet',
      makes: 'New policy',
      reader,
    },
    rows: [
      {
        ...{ __typename: 'SlaPolicy', id: 's1', name: 'Gold', order: 10, version: 3, isActive: true, conditions: {} },
        ...{ calendar: null, targets: [] },
      },
    ],
  },
  {
    ...{ section: 'calendars', field: 'businessCalendars', row: /Office/, empty: 'No calendars yet', reader },
    makes: 'New calendar',
    rows: [{ __typename: 'BusinessCalendar', id: 'c1', name: 'Office', timeZone: 'UTC', weekly: [], holidays: [] }],
  },
  {
    ...{ section: 'rules', field: 'automationRules', row: /Close after silence/, makes: 'New rule', reader },
    empty: 'Nothing happens by itself yet',
    rows: [
      {
        ...{ __typename: 'AutomationRule', id: 'r1', name: 'Close after silence', order: 10, trigger: 'TIME_IN_STATE' },
        ...{ conditions: {}, actions: [], isActive: true, firedCount: 4, lastFiredAt: null },
      },
    ],
  },
  {
    ...{
      section: 'policies',
      field: 'policies',
      row: /Thirty days/,
      empty: 'No policies yet',
      makes: 'New policy',
      reader,
    },
    rows: [
      {
        ...{
          __typename: 'Policy',
          id: 'p1',
          name: 'Thirty days',
          kind: 'RETURN',
          text: 'Within 30 days.',
          isActive: true,
        },
        ...{ maxDiscountPercent: null, maxCompensation: null },
      },
    ],
  },
  {
    ...{ section: 'webhooks', field: 'webhookEndpoints', row: /shop\.example/, empty: 'Nobody is told yet', reader },
    // What was sent there.
    readerButtons: 1,
    makes: 'New endpoint',
    rows: [
      {
        ...{ __typename: 'WebhookEndpoint', id: 'w1', url: 'https://shop.example/hooks', eventTypes: ['ASSIGNED'] },
        ...{ isActive: true, secretHint: '…a1b2', failingSince: null, disabledReason: null },
      },
    ],
  },
  {
    ...{ section: 'insight-webhooks', field: 'insightWebhooks', row: /crm\.example/, reader: null },
    ...{ empty: 'Nobody is told of changes yet', makes: 'New insight webhook' },
    rows: [
      {
        ...{ __typename: 'InsightWebhook', id: 'i1', url: 'https://crm.example/in', metrics: ['CHURN_RISK'] },
        ...{ minChange: 0.05, isActive: true, secretHint: '…c3', failingSince: null, disabledReason: null },
      },
    ],
  },
  {
    ...{ section: 'keys', field: 'apiKeys', row: /Warehouse/, empty: 'No partner has a key yet', makes: 'New key' },
    reader: null,
    rows: [
      {
        ...{ __typename: 'ApiKey', id: 'k1', name: 'Warehouse', prefix: 'qk_live_ab', scopes: [], status: 'LIVE' },
        ...{ requestsPerMinute: 1_000, createdAt: '2026-01-01T00:00:00Z', expiresAt: null, lastUsedAt: null },
        ...{ revokedAt: null, replacedById: null },
      },
    ],
  },
  {
    ...{ section: 'audit', field: 'auditLog', isConnection: true, row: /Agent: created/, empty: 'Nothing fits' },
    reader: null,
    rows: [
      {
        ...{ __typename: 'AuditEntry', id: 'e1', at: '2026-02-01T00:00:00Z', action: 'agent.created' },
        ...{ subjectType: 'agent', subjectId: 'a1', changes: [] },
        actor: { __typename: 'SystemActor', kind: 'AUTOMATION', name: 'A rule' },
      },
    ],
  },
]

const answered = ({ isConnection = false }: List, nodes: readonly object[]) =>
  isConnection ? { nodes, pageInfo: { hasNextPage: false, endCursor: null } } : nodes

const open = (list: List, answer: unknown, permissions = aViewer.permissions) =>
  show(<SettingsPage section={list.section} />, {
    // Lists that some of them choose from.
    answers: { agents: { nodes: [] }, teams: [], queues: [], [list.field]: answer },
    viewer: { ...aViewer, permissions },
  })

describe.each(lists)('the list of $section', (list) => {
  it('says that it loads', async () => {
    open(list, () => new Promise(() => undefined))
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeTruthy()
    expect(screen.queryByText(list.empty)).toBeNull()
  })

  it('says that it failed, and tries again', async () => {
    let isUp = false
    const { user } = open(list, () => {
      if (!isUp) throw new GraphQLError('The server does not answer.')
      return answered(list, list.rows)
    })
    expect((await screen.findByRole('alert')).textContent).toContain('could not be loaded')
    isUp = true
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByRole('row', { name: list.row })).toBeTruthy()
  })

  it('says what would be there, and makes the first one', async () => {
    const { user } = open(list, answered(list, []))
    expect(await screen.findByText(list.empty)).toBeTruthy()
    if (list.makes === undefined) return
    await user.click(screen.getByRole('button', { name: list.makes }))
    expect(await screen.findByRole('dialog')).toBeTruthy()
  })

  it('shows what is there, and nothing to change to who may not', async () => {
    open(list, answered(list, list.rows), list.reader ?? ['config:read'])
    if (list.reader === null) {
      expect(await screen.findByText(/^This is for the role Manager/)).toBeTruthy()
      expect(screen.queryByRole('table')).toBeNull()
      return
    }
    expect(await screen.findByRole('row', { name: list.row })).toBeTruthy()
    expect(screen.queryByRole('button', { name: list.makes ?? '' })).toBeNull()
    expect(screen.queryAllByRole('button', { name: list.row })).toHaveLength(list.readerButtons ?? 0)
    for (const control of screen.queryAllByRole('switch')) expect((control as HTMLButtonElement).disabled).toBe(true)
  })
})
