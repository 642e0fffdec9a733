import { configure, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { show } from '../../../../tests/kit.tsx'
import { descriptionOf } from '../parts/described.test-kit.ts'
import { heard } from '../parts/heard.test-kit.ts'
import { InsightWebhooksSection } from './insight-section.tsx'
import { WebhooksSection } from './section.tsx'

configure({ asyncUtilTimeout: 15_000 })

const common = { isActive: true, secretHint: '…a1b2', failingSince: null, disabledReason: null }
const endpoint = {
  ...{ __typename: 'WebhookEndpoint', id: 'w1', url: 'https://shop.example/hooks', eventTypes: ['ASSIGNED'] },
  ...common,
}
const insight = {
  ...{ __typename: 'InsightWebhook', id: 'w1', url: 'https://shop.example/hooks', metrics: ['ENGAGEMENT'] },
  ...{ minChange: 0.1, ...common },
}
const delivery = { id: 'd1', attempt: 2, statusCode: 503, deliveredAt: null, nextAttemptAt: null }

/** What is the same of both kinds, and what each calls it. */
const kinds = [
  {
    kind: 'ticket events',
    part: <WebhooksSection />,
    ...{
      list: 'webhookEndpoints',
      save: 'saveWebhookEndpoint',
      remove: 'deleteWebhookEndpoint',
      makes: 'New endpoint',
    },
    one: endpoint,
    saved: (secret: string | null) => ({ endpoint, secret, userErrors: [] }),
    about: 'Event e1',
    deliveries: [{ __typename: 'WebhookDelivery', eventId: 'e1', ...delivery }],
    made: { id: null, eventTypes: ['TICKET_CREATED', 'MESSAGE_RECEIVED', 'STATUS_CHANGED'] },
    edited: { id: 'w1', eventTypes: ['ASSIGNED'] },
  },
  {
    kind: 'insight',
    part: <InsightWebhooksSection />,
    ...{ list: 'insightWebhooks', save: 'saveInsightWebhook', remove: 'deleteInsightWebhook' },
    makes: 'New insight webhook',
    one: insight,
    saved: (secret: string | null) => ({ webhook: insight, secret, userErrors: [] }),
    about: 'Customer c1',
    deliveries: [
      {
        ...{ __typename: 'InsightWebhookDelivery', customerId: 'c1', createdAt: '2026-02-01T00:00:00Z', error: null },
        ...delivery,
      },
    ],
    made: { id: null, metrics: ['CHURN_RISK'], minChange: 0.05 },
    edited: { id: 'w1', metrics: ['ENGAGEMENT'], minChange: 0.1 },
  },
]

describe.each(kinds)(
  'webhooks of $kind',
  ({ part, list, save, remove, makes, one, saved, about, deliveries, made, edited }) => {
    const open = (answers: object, rows: readonly object[] = [one]) =>
      show(part, { answers: { [list]: rows, ...answers } })

    it('are made with an address of https, and their secret is told once', async () => {
      const { inputs, answer } = heard(saved('whsec_told'))
      const { user } = open({ [save]: answer }, [])
      await user.click(await screen.findByRole('button', { name: makes }))
      const address = await screen.findByLabelText('Address')
      await user.type(address, 'http://shop.example/hooks')
      await user.click(screen.getByRole('button', { name: 'Save' }))
      expect(descriptionOf(address)).toContain('begins with https://')
      await user.clear(address)
      await user.type(address, 'https://shop.example/hooks')
      await user.click(screen.getByRole('button', { name: 'Save' }))
      const told = await screen.findByRole('dialog', { name: 'The signing secret' })
      const asked = { url: 'https://shop.example/hooks', isActive: true, rotateSecret: false, ...made }
      expect(inputs).toEqual([asked])
      await user.keyboard('{Escape}')
      expect(within(told).getByText('whsec_told')).toBeTruthy()
      await user.click(within(told).getByRole('button', { name: 'I have stored it' }))
      expect(screen.queryByText('whsec_told')).toBeNull()
    })

    it('get a new secret where that is asked for', async () => {
      const { inputs, answer } = heard(saved(null))
      const { user } = open({ [save]: answer })
      await user.click(await screen.findByRole('button', { name: one.url }))
      await user.click(await screen.findByLabelText('Make a new signing secret'))
      await user.click(screen.getByLabelText('Switched on'))
      await user.click(screen.getByRole('button', { name: 'Save' }))
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
      expect(inputs).toEqual([{ url: one.url, isActive: false, rotateSecret: true, ...edited }])
    })

    it('say at the address why it is refused, where one stands then', async () => {
      const userErrors = [{ code: 'INVALID', message: 'This address is private.', path: ['input', 'url'] }]
      const { user } = open({ [save]: { secret: null, userErrors } })
      await user.click(await screen.findByRole('button', { name: one.url }))
      await user.click(await screen.findByRole('button', { name: 'Save' }))
      const address = screen.getByLabelText('Address')
      await waitFor(() => expect(descriptionOf(address)).toContain('This address is private.'))
      expect(document.activeElement).toBe(address)
    })

    it('ask before they are deleted', async () => {
      const removed: object[] = []
      const { user } = open({
        [remove]: ({ input }: { input: object }) => {
          removed.push({ ...input })
          return { userErrors: [] }
        },
      })
      const ask = async () => {
        await user.click(await screen.findByRole('button', { name: `Actions for ${one.url}` }))
        await user.click(await screen.findByRole('menuitem', { name: 'Delete…' }))
        return screen.findByRole('dialog', { name: /^Delete this/ })
      }
      await user.click(within(await ask()).getByRole('button', { name: 'Cancel' }))
      expect(removed).toEqual([])
      await user.click(within(await ask()).getByRole('button', { name: 'Delete' }))
      await waitFor(() => expect(removed).toEqual([{ id: 'w1' }]))
    })

    it('show what was sent, and what was answered', async () => {
      const { user } = open({}, [{ ...one, deliveries: { nodes: deliveries } }])
      await user.click(await screen.findByRole('button', { name: `Actions for ${one.url}` }))
      await user.click(await screen.findByRole('menuitem', { name: 'Deliveries' }))
      expect(await screen.findByRole('row', { name: `${about} 2 503 Given up` })).toBeTruthy()
    })

    it.each([
      [{}, 'Working'],
      [{ isActive: false, disabledReason: 'It answered 410.' }, 'Switched offIt answered 410.'],
      [{ failingSince: '2026-02-01T00:00:00Z' }, /^Failing ?since/],
    ])('say how they do: %o', async (state, said) => {
      open({}, [{ ...one, ...state }])
      const cells = within(await screen.findByRole('row', { name: /shop\.example/ })).getAllByRole('cell')
      const text = cells.map(({ textContent }) => textContent)
      expect(text).toContainEqual(typeof said === 'string' ? said : expect.stringMatching(said))
    })
  },
)
