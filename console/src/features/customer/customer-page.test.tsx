import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { aViewer, show } from '../../../tests/kit.tsx'
import { CustomerPage } from './customer-page.tsx'
// What the page loads later is loaded before: how long that takes is no matter of these tests.
import './history.tsx'
import { customer, facts, tickets, without } from './fixtures.ts'

const points = (...values: number[]) => values.map((value, day) => ({ at: `2026-02-0${day + 1}T00:00:00Z`, value }))
const history = ({ metric }: { metric: string }) =>
  metric === 'CHURN_RISK' ? points(0.4, 0.71) : metric === 'LTV_12M' ? points(950, 900) : points(62)

const page = (answers: object = {}, viewer = aViewer) =>
  show(<CustomerPage customerId="c1" />, { answers: { customer: { ...customer, history }, ...answers }, viewer })

test('shows everything there is, and how it moved', async () => {
  const { user } = page()
  expect(await screen.findByRole('heading', { level: 1, name: 'Mia Wong' })).toBeTruthy()
  expect(await screen.findByText('also Budget 20%')).toBeTruthy()
  const churn = await screen.findByRole('figure', { name: 'Churn risk' })
  expect(within(churn).getByText('From 40% to 71% over 2 days.')).toBeTruthy()
  await user.click(within(churn).getByRole('button', { name: /Show as table/ }))
  expect(within(churn).getByRole('row', { name: 'Feb 2, 2026 71%' })).toBeTruthy()
  expect(screen.getByText('A line needs two days; the first was kept Feb 1, 2026.')).toBeTruthy()
})

test('without Intelligence the person, their tickets and what can be done stay', async () => {
  page({ customer: { ...facts, ...without, tickets } })
  expect(await screen.findByText(/Insight cannot be shown at the moment/)).toBeTruthy()
  expect(await screen.findByRole('link', { name: /Lamp arrived broken/ })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Edit' })).toBeTruthy()
})

test('an edit sends what was changed, and shows a refusal at its field', async () => {
  let given: object = {}
  const { user } = page({
    updateCustomer: ({ input }: { input: object }) => {
      given = { ...input }
      return {
        customer: null,
        userErrors: [{ code: 'INVALID', message: 'timeZone is no IANA time zone.', path: ['input', 'timeZone'] }],
      }
    },
  })
  await user.click(await screen.findByRole('button', { name: 'Edit' }))
  const dialog = screen.getByRole('dialog', { name: 'Edit customer' })
  const zone = within(dialog).getByRole('combobox', { name: 'Time zone' })
  await user.clear(zone)
  await user.type(zone, 'Mars')
  await user.clear(within(dialog).getByRole('textbox', { name: 'Phone' }))
  await user.click(within(dialog).getByRole('button', { name: 'Save' }))
  expect(await within(dialog).findByText('timeZone is no IANA time zone.')).toBeTruthy()
  expect(zone.getAttribute('aria-invalid')).toBe('true')
  expect(given).toMatchObject({
    id: 'c1',
    name: 'Mia Wong',
    phone: null,
    timeZone: 'Mars',
    tags: ['wholesale'],
    isVip: true,
  })
})

test('a person is erased only once their name is typed', async () => {
  let erased: unknown = null
  const { user, router } = page({
    eraseCustomer: ({ input }: { input: object }) => {
      erased = { ...input }
      return { deletedId: 'c1', asOf: null, userErrors: [] }
    },
  })
  await user.click(await screen.findByRole('button', { name: 'More' }))
  await user.click(screen.getByRole('menuitem', { name: 'Erase…' }))
  const button = screen.getByRole('button', { name: 'Erase for good' }) as HTMLButtonElement
  expect(button.disabled).toBe(true)
  await user.type(screen.getByRole('textbox', { name: /Type “Mia Wong”/ }), 'Mia Wong')
  await user.click(button)
  await expect.poll(() => router.state.location.pathname).toBe('/customers')
  expect(erased).toEqual({ id: 'c1' })
})

test('who may only edit is offered no more than that', async () => {
  page({}, { ...aViewer, permissions: ['ticket:read_own', 'customer:write'] })
  expect(await screen.findByRole('button', { name: 'Edit' })).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'More' })).toBeNull()
})

test('two records become one', async () => {
  let given: object = {}
  const { user } = page({
    customers: {
      nodes: [customer, { ...facts, id: 'c2', name: 'M. Wong' }],
      pageInfo: { hasNextPage: false, endCursor: null },
    },
    mergeCustomers: ({ input }: { input: object }) => {
      given = { ...input }
      return { customer, userErrors: [] }
    },
  })
  await user.click(await screen.findByRole('button', { name: 'More' }))
  await user.click(screen.getByRole('menuitem', { name: 'Merge…' }))
  await user.type(screen.getByRole('searchbox', { name: /Name, e-mail/ }), 'wong')
  expect(await screen.findAllByRole('radio')).toHaveLength(1)
  await user.click(screen.getByRole('radio', { name: /M. Wong/ }))
  await user.click(screen.getByRole('button', { name: 'Merge M. Wong into this record' }))
  expect(await screen.findByText('M. Wong is now part of Mia Wong')).toBeTruthy()
  expect(given).toEqual({ fromId: 'c2', intoId: 'c1' })
})

test('a question is answered with what the answer rests on', async () => {
  const explainBehavior = ({ question }: { question: string }) => ({
    ...{ text: `Asked: ${question}`, generator: 'built-in', generatedAt: '2026-03-01T10:00:00Z' },
    citations: [{ id: 'c1', source: 'PROFILE', sentence: 'They may leave.', quote: 'churnRisk 0.710' }],
  })
  const { user } = page({ customer: { ...customer, history, explainBehavior } })
  await user.type(await screen.findByRole('textbox', { name: 'Question' }), 'Why?{Enter}')
  expect(await screen.findByText('Asked: Why?')).toBeTruthy()
  expect(screen.getByText('churnRisk 0.710')).toBeTruthy()
})
