import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { CustomersPage } from './customers-page.tsx'
import { customer, facts, without } from './fixtures.ts'

const page = (nodes: object[], endCursor: string | null = null) => ({
  totalCount: nodes.length,
  nodes,
  pageInfo: { hasNextPage: endCursor !== null, endCursor, hasPreviousPage: false, startCursor: null },
})
const choices = {
  archetypes: [{ id: 'a1', name: 'Premium power buyers', level: 'TENDENCY' }],
  segments: [{ id: 's1', axis: 'PURCHASE_VALUE', name: 'upper_tier' }],
}

test('finds customers by what is typed, and leafs through them', async () => {
  const asked: unknown[] = []
  const { user, router } = show(<CustomersPage />, {
    answers: {
      customers: (args: { query?: string; after?: string | null }) => {
        asked.push(args)
        return args.after ? page([{ ...customer, id: 'c2', name: 'Noah Rossi' }]) : page([customer], 'p2')
      },
    },
  })
  const row = within(await screen.findByRole('table')).getAllByRole('row')[1] as HTMLElement
  expect(within(row).getByRole('link', { name: 'Mia Wong' }).getAttribute('href')).toBe('/customers/c1')
  expect(row.textContent).toContain('71%High$640.00$900.00Premium power buyersAt risk480 d ago2')
  await user.type(screen.getByRole('searchbox', { name: /Name, e-mail/ }), 'wong')
  await expect.poll(() => router.state.location.search).toEqual({ name: 'wong' })
  await user.click(await screen.findByRole('button', { name: 'Next' }))
  expect(await screen.findByRole('link', { name: 'Noah Rossi' })).toBeTruthy()
  expect(screen.getByText('Page 2')).toBeTruthy()
  expect(asked.at(-1)).toEqual({ query: 'wong', first: 50, after: 'p2' })
})

test('without Intelligence the customers stay, with dashes for what it would say', async () => {
  show(<CustomersPage />, { answers: { customers: page([{ ...facts, ...without }]) } })
  const row = within(await screen.findByRole('table')).getAllByRole('row')[1] as HTMLElement
  expect(within(row).getByText('mia@example.test')).toBeTruthy()
  expect(within(row).getAllByText('unknown')).toHaveLength(7)
  expect(screen.getByText(/Some of what is known of these customers cannot be shown/)).toBeTruthy()
})

test('a filter is built of what is known, and stands in the address', async () => {
  let asked: unknown
  const { user, router } = show(<CustomersPage />, {
    at: '/customers?way=filter',
    answers: {
      ...choices,
      queryCustomers: ({ filter }: { filter: object }) => {
        asked = { ...filter }
        return page([customer])
      },
    },
  })
  await screen.findByRole('option', { name: 'Premium power buyers (leaning)' })
  await user.selectOptions(screen.getByRole('combobox', { name: 'Archetype' }), 'Premium power buyers (leaning)')
  await user.click(screen.getByRole('checkbox', { name: 'At risk' }))
  await user.type(
    within(screen.getByRole('group', { name: 'Churn risk, %' })).getByRole('spinbutton', { name: 'from' }),
    '60',
  )
  const filter = { churnRiskAtLeast: 0.6, lifecycle: ['AT_RISK'], archetypeId: 'a1', orderBy: 'REVENUE_AT_RISK' }
  await expect.poll(() => router.state.location.search).toEqual({ way: 'filter', filter })
  await expect.poll(() => asked).toEqual(filter)
  expect(await screen.findByText('1 customer')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Clear' }))
  await expect.poll(() => router.state.location.search).toEqual({ way: 'filter' })
})

test('where nobody fits, it says so; where Intelligence does not answer, that', async () => {
  const view = show(<CustomersPage />, {
    at: '/customers?way=filter',
    answers: { ...choices, queryCustomers: page([]) },
  })
  expect(await screen.findByText('Nobody fits all of this')).toBeTruthy()
  view.unmount()
  show(<CustomersPage />, { at: '/customers?way=filter' })
  expect(await screen.findByRole('alert')).toBeTruthy()
  expect(screen.getByText('Archetypes and segments cannot be shown at the moment.')).toBeTruthy()
})

test('a question shows what was understood, and goes on as a filter', async () => {
  const understoodAs = { churnRiskAtLeast: 0.6, ltvAtLeast: '1476.21', orderBy: 'REVENUE_AT_RISK' }
  const { user, router } = show(<CustomersPage />, {
    at: '/customers?way=question',
    answers: {
      ...choices,
      queryCustomers: page([customer]),
      askCustomers: {
        understoodAs,
        explanation: 'Customers with a churn risk from 60%.',
        generator: 'built-in',
        customers: page([customer]),
      },
    },
  })
  await user.type(await screen.findByRole('textbox', { name: 'Whom are you looking for?' }), 'Who may leave?{Enter}')
  expect(await screen.findByText('Customers with a churn risk from 60%.')).toBeTruthy()
  const conditions = within(screen.getByRole('list', { name: 'Understood as' })).getAllByRole('listitem')
  expect(conditions.map(({ textContent }) => textContent)).toEqual([
    'Churn risk from 60%',
    'Value of a year from $1,476',
    'Most revenue at risk',
  ])
  await user.click(screen.getByRole('button', { name: 'Go on as a filter' }))
  await expect.poll(() => router.state.location.search).toMatchObject({ way: 'filter', filter: understoodAs })
})
