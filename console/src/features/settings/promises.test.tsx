import { configure, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { CalendarsSection } from './calendars/section.tsx'
import { descriptionOf } from './parts/described.test-kit.ts'
import { heard } from './parts/heard.test-kit.ts'
import { SlaSection } from './sla/section.tsx'

configure({ asyncUtilTimeout: 15_000 })

const places = { agents: { nodes: [] }, teams: [], queues: [] }
const target = { metric: 'FIRST_RESPONSE', warnBeforeSeconds: 900, businessHours: false }
const aPolicy = (name: string, order: number) => ({
  ...{ __typename: 'SlaPolicy', id: name, name, order, version: 3, isActive: true },
  conditions: { all: [{ field: 'priority', op: 'eq', value: 'URGENT' }] },
  calendar: { __typename: 'BusinessCalendar', id: 'cal-1', name: 'Office' },
  targets: [
    { ...target, priority: 'URGENT', seconds: 1_800 },
    { ...target, priority: 'HIGH', seconds: 3_600 },
  ],
})
const aCalendar = {
  ...{ __typename: 'BusinessCalendar', id: 'cal-1', name: 'Office', timeZone: 'Europe/Paris' },
  weekly: [1, 2, 3].map((weekday) => ({ weekday, opensAt: '09:00:00', closesAt: '17:00:00' })),
  holidays: [
    { date: '2020-12-25', name: 'Christmas, long ago' },
    { date: '2999-12-25', name: 'Christmas' },
  ],
}

describe('SLA policies', () => {
  const open = (answers: object = {}) =>
    show(<SlaSection />, {
      answers: {
        ...places,
        businessCalendars: [aCalendar],
        slaPolicies: [aPolicy('Gold', 10), aPolicy('Rest', 20)],
        ...answers,
      },
    })

  it('say for which tickets they promise what, by whose hours', async () => {
    open()
    const cells = within(await screen.findByRole('row', { name: /Gold/ })).getAllByRole('cell')
    expect(cells.slice(0, 3).map(({ textContent }) => textContent)).toEqual([
      'Priority is Urgent',
      'First response: Urgent 30 min, High 1 h',
      'Office',
    ])
  })

  it('are switched off as they stand', async () => {
    const { inputs, answer } = heard({ policy: { ...aPolicy('Gold', 10), isActive: false } })
    const { user } = open({ saveSlaPolicy: answer })
    await user.click(await screen.findByRole('switch', { name: 'Gold is in force' }))
    const { id, name, order, conditions, targets } = aPolicy('Gold', 10)
    const kept = { id, name, order, conditions, targets, calendarId: 'cal-1' }
    await waitFor(() => expect(inputs).toMatchObject([{ ...kept, isActive: false }]))
  })

  it('change places', async () => {
    const { inputs, answer } = heard({ policy: null })
    const { user } = open({ saveSlaPolicy: answer })
    await user.click(await screen.findByRole('button', { name: 'Actions for Rest' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Move up' }))
    await waitFor(() =>
      expect(inputs).toMatchObject([
        { id: 'Rest', order: 10 },
        { id: 'Gold', order: 20 },
      ]),
    )
  })

  it('say at the field why they are refused, where one stands then', async () => {
    const userErrors = [{ code: 'ALREADY_EXISTS', message: 'There is a policy of this name.', path: ['input', 'name'] }]
    const { user } = open({ saveSlaPolicy: { policy: null, userErrors } })
    await user.click(await screen.findByRole('button', { name: 'Gold' }))
    await user.click(await screen.findByRole('button', { name: 'Save' }))
    const name = screen.getByRole('textbox', { name: 'Name' })
    await waitFor(() => expect(descriptionOf(name)).toContain('There is a policy of this name.'))
    expect(document.activeElement).toBe(name)
  })
})

describe('calendars', () => {
  const open = (answers: object = {}) =>
    show(<CalendarsSection />, { answers: { businessCalendars: [aCalendar], ...answers } })

  it('say when they are open, and which holiday is next', async () => {
    open()
    const row = await screen.findByRole('row', { name: /Office/ })
    expect(row.textContent).toMatch(/Europe\/Paris/)
    expect(within(row).getAllByRole('listitem').length).toBeGreaterThan(0)
    expect(row.textContent).toMatch(/Christmas, .*2999/)
    expect(row.textContent).not.toContain('long ago')
  })

  it('get their holidays with day and name, and lose them again', async () => {
    const { inputs, answer } = heard({ calendar: null })
    const { user } = open({ saveBusinessCalendar: answer })
    await user.click(await screen.findByRole('button', { name: 'Office' }))
    await user.click(await screen.findByRole('button', { name: 'Remove Christmas, long ago' }))
    await user.click(screen.getByRole('button', { name: 'Add a holiday' }))
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(screen.getByRole('alert').textContent).toContain('Each holiday has a day and a name.')
    const added = within(screen.getByRole('group', { name: 'Holiday 2' }))
    await user.type(added.getByLabelText('Day'), '2999-05-01')
    await user.type(added.getByLabelText('Name of the holiday'), 'May Day')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    const holidays = [aCalendar.holidays[1], { date: '2999-05-01', name: 'May Day' }]
    await waitFor(() => expect(inputs).toMatchObject([{ id: 'cal-1', timeZone: 'Europe/Paris', holidays }]))
  })

  it('say at the field why they are refused, where one stands then', async () => {
    const userErrors = [{ code: 'INVALID', message: 'There is no such time zone.', path: ['input', 'timeZone'] }]
    const { user } = open({ saveBusinessCalendar: { calendar: null, userErrors } })
    await user.click(await screen.findByRole('button', { name: 'Office' }))
    await user.click(await screen.findByRole('button', { name: 'Save' }))
    const zone = screen.getByLabelText('Time zone')
    await waitFor(() => expect(descriptionOf(zone)).toContain('There is no such time zone.'))
    expect(document.activeElement).toBe(zone)
  })
})
