import { act, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { customer, facts, insight, nothingKnown, orders, tickets, without } from './fixtures.ts'
import { CustomerPanel } from './panel.tsx'

const panel = (answer: object) => show(<CustomerPanel customerId="c1" />, { answers: { customer: answer } })

test('says who writes, how likely they are to go, and what they are worth', async () => {
  panel(customer)
  expect((await screen.findByRole('link', { name: 'Mia Wong' })).getAttribute('href')).toBe('/customers/c1')
  expect(screen.getByText('VIP')).toBeTruthy()
  expect(await screen.findByText(/Chance of no purchase within 90 days. 90% interval: 60% to 80%/)).toBeTruthy()
  expect(screen.getByText('$640.00')).toBeTruthy()
  expect(screen.getByText(/90% interval: \$100.00 to \$1,900/)).toBeTruthy()
  expect(screen.getByText('Premium power buyers')).toBeTruthy()
  expect(screen.getByText('Thank them for their loyalty.')).toBeTruthy()
  expect(screen.getByText(/from 4 orders and 1 event, by the model that ships/)).toBeTruthy()
})

test('the factors of the risk add up to what is said of them, each with its sign', async () => {
  panel(customer)
  const list = await screen.findByRole('list', { name: 'What moves the risk' })
  const [first, second] = within(list).getAllByRole('listitem')
  expect(first?.textContent).toMatch(/Days since last order\+1.25/)
  expect(second?.textContent).toMatch(/Orders−0.25/)
  const sum = list.parentElement as HTMLElement
  expect(within(sum).getByText('Sum, in log-odds before calibration').nextSibling?.textContent).toBe('0.6')
})

test('each axis names its segment and how much of it, or that there is not enough data', async () => {
  panel(customer)
  const axes = within(await screen.findByRole('list', { name: 'The 2 axes of behaviour' })).getAllByRole('listitem')
  expect(axes[0]?.textContent).toContain('Purchase value: Upper tier 80%, clear')
  expect(axes[1]?.textContent).toContain('Seasonality: Not enough data')
})

test('while Intelligence is away it says so with the last that is known, and keeps everything else', async () => {
  const { user } = panel({ ...facts, ...without, tickets })
  expect(await screen.findByText(/Insight cannot be shown at the moment/)).toBeTruthy()
  expect(screen.getByText(/Premium power buyers, 42% churn risk, \$900.00 expected in a year/)).toBeTruthy()
  expect(screen.getByText('Orders cannot be shown at the moment.')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: /^Tickets/ }))
  expect((await screen.findByRole('link', { name: /Lamp arrived broken/ })).getAttribute('href')).toBe('/inbox/12')
  await user.click(screen.getByRole('button', { name: /^Contact/ }))
  expect(screen.getByRole('link', { name: 'mia@example.test' })).toBeTruthy()
})

test('a part that is missing leaves the others', async () => {
  panel({ ...customer, dna: without['dna'] })
  expect(await screen.findByText('$640.00')).toBeTruthy()
  expect(screen.getByText(/Insight cannot be shown/)).toBeTruthy()
  expect(screen.queryByText(/Last known/)).toBeTruthy()
})

test('of a customer without an order nothing is guessed, and that is no failure', async () => {
  panel({ ...customer, ...nothingKnown, dnaStatus: 'INSUFFICIENT_DATA' })
  expect(await screen.findByText(/Not enough data: there is no order yet/)).toBeTruthy()
  expect(screen.queryByText(/cannot be shown/)).toBeNull()
  expect(screen.queryByRole('button', { name: /Churn risk/ })).toBeNull()
})

test('orders come with items and where they are', async () => {
  panel(customer)
  const order = within(await screen.findByRole('list', { name: 'Orders' })).getAllByRole('listitem')[0] as HTMLElement
  expect(order.textContent).toContain('#1001Delivered$59.90')
  expect(order.textContent).toMatch(/\$10.00 refunded/)
  expect(within(order).getByText('2 × Mug')).toBeTruthy()
  expect(order.textContent).toMatch(/Delivered Jan 9, 2026 · Parcel Post · PP1/)
})

test('what is closed stays closed, and asks for nothing', async () => {
  const asked: string[] = []
  const counting = { ...customer, orders: () => (asked.push('orders'), orders) }
  const first = panel(counting)
  await screen.findByRole('list', { name: 'Orders' })
  await first.user.click(screen.getByRole('button', { name: 'Orders and shipments' }))
  first.unmount()
  asked.length = 0
  panel(counting)
  expect(await screen.findByText('$640.00')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Orders and shipments' }).getAttribute('aria-expanded')).toBe('false')
  expect(asked).toEqual([])
})

test('what moves while it is open is followed, and read anew after a gap', async () => {
  const answer = { ...customer, lifecycle: 'AT_RISK' }
  const { live } = panel(answer)
  expect(await screen.findByText('At risk')).toBeTruthy()
  const [one] = live.running
  expect([one?.name, one?.variables]).toEqual(['insightChanged', { id: 'c1' }])
  answer.lifecycle = 'LOYAL'
  expect(one?.sink.resync('START')).toBeNull()
  await act(() => one?.sink.resync('TOO_OLD'))
  expect(await screen.findByText('Loyal')).toBeTruthy()
})

test('an offer is worked out only when it is asked for', async () => {
  const asked: unknown[] = []
  const { user } = panel({
    ...customer,
    personalizedOffer: (args: unknown) => {
      asked.push(args)
      return {
        ...{ kind: 'DISCOUNT', percent: 5, amount: null, explanation: 'The cheapest that earns anything.' },
        expectedValue: { amount: '34.96', currencyCode: 'USD' },
        expectedCost: { amount: '14.25', currencyCode: 'USD' },
      }
    },
    optimalContact: { at: '2026-03-02T08:00:00Z', channel: 'SMS', explanation: 'Their usual hour.' },
  })
  await user.click(await screen.findByRole('button', { name: /What to offer/ }))
  expect(asked).toEqual([])
  await user.selectOptions(screen.getByRole('combobox', { name: 'Purpose of an offer' }), 'Keep them')
  await user.click(screen.getByRole('button', { name: 'Work out' }))
  expect(await screen.findByText('5 % off the next order')).toBeTruthy()
  expect(screen.getByText(/^SMS, /)).toBeTruthy()
  expect(asked).toEqual([{ goal: 'RETAIN' }])
})

test('the insight says that it is being computed anew where more is known', async () => {
  panel({ ...customer, ...insight, dnaStatus: 'STALE' })
  expect(await screen.findByText(/More is known since/)).toBeTruthy()
})
