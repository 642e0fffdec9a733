import { configure, screen, waitFor, within } from '@testing-library/react'
import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { heard } from './parts/heard.test-kit.ts'
import { SettingsPage } from './page.tsx'
import { descriptionOf } from './parts/described.test-kit.ts'

// Sections are loaded when they are opened, which takes its time on a machine that does other things.
configure({ asyncUtilTimeout: 15_000 })

const none = { nodes: [], edges: [], totalCount: 0, pageInfo: { hasNextPage: false } }
const aQueue = (id: string, priorityOrder: number) => ({
  __typename: 'Queue',
  id,
  name: id,
  description: null,
  openCount: 3,
  priorityOrder,
  skills: [],
  team: null,
})
const places = { agents: () => none, teams: () => [], queues: () => [aQueue('returns', 1), aQueue('general', 2)] }
const aRule = {
  __typename: 'AutomationRule',
  id: 'rule-1',
  name: 'Close after silence',
  order: 10,
  trigger: 'TIME_IN_STATE',
  conditions: { all: [{ field: 'secondsInState', op: 'gte', value: 172_800 }] },
  actions: [{ status: { status: 'CLOSED' } }],
  isActive: false,
  firedCount: 4,
  lastFiredAt: null,
}

describe('queues', () => {
  it('change places', async () => {
    const { inputs, answer } = heard({ queue: null })
    const { user } = show(<SettingsPage section="queues" />, { answers: { ...places, saveQueue: answer } })
    await user.click(await screen.findByRole('button', { name: 'Actions for general' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Move up' }))
    await waitFor(() =>
      expect(inputs).toMatchObject([
        { id: 'general', priorityOrder: 1 },
        { id: 'returns', priorityOrder: 2 },
      ]),
    )
  })

  it('are deleted into another one', async () => {
    const { inputs, answer } = heard({ deletedId: 'returns' })
    const { user } = show(<SettingsPage section="queues" />, { answers: { ...places, deleteQueue: answer } })
    await user.click(await screen.findByRole('button', { name: 'Actions for returns' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Delete…' }))
    expect(await screen.findByDisplayValue('general')).toBe(screen.getByLabelText('Its tickets go to'))
    await user.click(screen.getByRole('button', { name: 'Delete' }))
    await waitFor(() => expect(inputs).toEqual([{ id: 'returns', moveTicketsTo: 'general' }]))
  })

  it('say that a name is taken, at the name', async () => {
    const taken = [{ code: 'ALREADY_EXISTS', message: 'There is a queue of this name.', path: ['input', 'name'] }]
    const { answer } = heard({ userErrors: taken })
    const { user } = show(<SettingsPage section="queues" />, { answers: { ...places, saveQueue: answer } })
    await user.click(await screen.findByRole('button', { name: 'New queue' }))
    await user.type(await screen.findByLabelText('Name'), 'general')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() =>
      expect(descriptionOf(screen.getByLabelText('Name'))).toContain('There is a queue of this name.'),
    )
  })
})

describe('SLA policies', () => {
  it('are made of times as people write them, and ask whose business hours', async () => {
    const calendar = {
      __typename: 'BusinessCalendar',
      id: 'cal-1',
      name: 'Office',
      timeZone: 'UTC',
      weekly: [],
      holidays: [],
    }
    const { inputs, answer } = heard({ policy: null })
    const { user } = show(<SettingsPage section="sla" />, {
      answers: { ...places, slaPolicies: [], businessCalendars: [calendar], saveSlaPolicy: answer },
    })
    await user.click(await screen.findByRole('button', { name: 'New policy' }))
    await user.type(await screen.findByLabelText('Name'), 'Gold')
    const first = screen.getByRole('group', { name: 'First response, urgent' })
    await user.type(within(first).getByLabelText('Within'), 'soon')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(screen.getByRole('alert').textContent).toContain('cannot be read')
    await user.clear(within(first).getByLabelText('Within'))
    await user.type(within(first).getByLabelText('Within'), '1h 30min')
    await user.selectOptions(within(first).getByLabelText('Hours that count'), 'Business hours')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(descriptionOf(screen.getByLabelText('Calendar'))).toMatch(/choose whose/)
    await user.selectOptions(screen.getByLabelText('Calendar'), 'Office')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    const target = { metric: 'FIRST_RESPONSE', priority: 'URGENT', seconds: 5_400, warnBeforeSeconds: 900 }
    await waitFor(() =>
      expect(inputs).toMatchObject([
        { name: 'Gold', calendarId: 'cal-1', conditions: {}, targets: [{ ...target, businessHours: true }] },
      ]),
    )
  })
})

describe('calendars', () => {
  it('open on some days, and not while they close before they open', async () => {
    const { inputs, answer } = heard({ calendar: null })
    const { user } = show(<SettingsPage section="calendars" />, {
      answers: { businessCalendars: [], saveBusinessCalendar: answer },
    })
    await user.click(await screen.findByRole('button', { name: 'New calendar' }))
    await user.type(await screen.findByLabelText('Name'), 'Mornings')
    for (const day of ['Tuesday', 'Wednesday', 'Thursday', 'Friday'])
      await user.click(screen.getByRole('checkbox', { name: day }))
    const closes = screen.getByLabelText('Monday closes')
    await user.clear(closes)
    await user.type(closes, '08:00')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(screen.getByRole('alert').textContent).toContain('Look at the marked days.')
    await user.clear(closes)
    await user.type(closes, '12:00')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() =>
      expect(inputs).toMatchObject([{ weekly: [{ weekday: 1, opensAt: '09:00:00', closesAt: '12:00:00' }] }]),
    )
  })
})

describe('automation rules', () => {
  it('say in words when, if and then, and are switched on at once', async () => {
    const { inputs, answer } = heard({ rule: { ...aRule, isActive: true } })
    const { user } = show(<SettingsPage section="rules" />, {
      answers: { ...places, automationRules: [aRule], saveAutomationRule: answer },
    })
    const row = await screen.findByRole('row', { name: /Close after silence/ })
    expect(row.textContent).toContain('Time in its state is at least 2 d')
    expect(row.textContent).toContain('Set its status: Closed')
    await user.click(within(row).getByRole('switch'))
    expect(within(row).getByRole('switch', { checked: true })).toBeTruthy()
    await waitFor(() => expect(inputs).toMatchObject([{ id: 'rule-1', isActive: true, conditions: aRule.conditions }]))
  })

  it('are tried on history before they are saved', async () => {
    const tried: object[] = []
    const { inputs, answer } = heard({ rule: null })
    const ticket = { __typename: 'Ticket', id: 't1', number: 12, subject: 'Broken', status: 'OPEN', priority: 'HIGH' }
    const { user } = show(<SettingsPage section="rules" />, {
      answers: {
        ...places,
        automationRules: [],
        saveAutomationRule: answer,
        automationDryRun: (asked: object) => {
          tried.push(asked)
          return { wouldFire: 7, sample: [{ ...ticket, customer: { id: 'c1', name: 'Ada' } }] }
        },
      },
    })
    await user.click(await screen.findByRole('button', { name: 'New rule' }))
    await user.type(await screen.findByLabelText('Name'), 'Lift')
    await user.click(screen.getByRole('button', { name: 'Add a condition' }))
    const condition = screen.getByRole('group', { name: 'Condition 1' })
    await user.selectOptions(within(condition).getByLabelText('What'), 'Churn risk')
    await user.type(within(condition).getByLabelText('Value of Churn risk'), '80')
    await user.click(screen.getByRole('button', { name: 'Add an action' }))
    await user.selectOptions(screen.getByLabelText('1. Do'), 'Set its priority')
    await user.click(screen.getByRole('button', { name: 'Dry run' }))
    expect(await screen.findByText(/would have fired 7 times/)).toBeTruthy()
    expect(screen.getByRole('link', { name: /Broken/ }).getAttribute('href')).toBe('/inbox/12')
    const rule = {
      conditions: { all: [{ field: 'churnRisk', op: 'gt', value: 0.8 }] },
      actions: [{ priority: { priority: 'HIGH' } }],
    }
    expect(tried).toMatchObject([{ days: 30, input: rule }])
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(inputs).toMatchObject([{ name: 'Lift', isActive: false, ...rule }]))
  })

  it('say what is wrong with a try, and with an action', async () => {
    const { answer } = heard({
      userErrors: [
        { code: 'NOT_FOUND', message: 'There is no such queue.', path: ['input', 'actions', '0', 'queue', 'id'] },
      ],
    })
    const { user } = show(<SettingsPage section="rules" />, {
      answers: {
        ...places,
        automationRules: [aRule],
        saveAutomationRule: answer,
        automationDryRun: () => {
          throw new GraphQLError('A state lasts from a minute to a year.', { extensions: { code: 'BAD_USER_INPUT' } })
        },
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Close after silence' }))
    await user.click(await screen.findByRole('button', { name: 'Dry run' }))
    expect(await screen.findByText('A state lasts from a minute to a year.')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('There is no such queue.')).toBeTruthy()
  })
})
