import { configure, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { SettingsPage } from './page.tsx'
import { descriptionOf } from './parts/described.test-kit.ts'

// Sections are loaded when they are opened, which takes its time on a machine that does other things.
configure({ asyncUtilTimeout: 15_000 })

const aKey = {
  __typename: 'ApiKey',
  id: 'key-1',
  name: 'Warehouse',
  prefix: 'qk_live_abcd',
  scopes: ['insight:read'],
  status: 'LIVE',
  requestsPerMinute: 1_000,
  createdAt: '2026-01-01T00:00:00Z',
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  replacedById: null,
}

describe('partner keys', () => {
  it('are told once, and rotated with a grace', async () => {
    const asked: object[] = []
    const { user } = show(<SettingsPage section="keys" />, {
      answers: {
        apiKeys: [aKey],
        rotateApiKey: ({ input }: { input: object }) => {
          asked.push({ ...input })
          return { id: 'key-2', key: 'qk_live_secret', userErrors: [] }
        },
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Actions for Warehouse' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Rotate…' }))
    await user.selectOptions(await screen.findByLabelText('The old key goes on for'), 'One week')
    await user.click(screen.getByRole('button', { name: 'Rotate' }))
    const told = await screen.findByRole('dialog', { name: 'Your new key' })
    expect(asked).toEqual([{ id: 'key-1', graceHours: 168 }])
    expect(within(told).getByText('qk_live_secret')).toBeTruthy()
    await user.click(within(told).getByRole('button', { name: 'I have stored it' }))
    expect(screen.queryByText('qk_live_secret')).toBeNull()
  })

  it('are not made when refused, which is said at the field', async () => {
    const { user } = show(<SettingsPage section="keys" />, {
      answers: {
        apiKeys: [],
        createApiKey: () => ({
          userErrors: [{ code: 'INVALID', message: 'A key has a shorter name.', path: ['input', 'name'] }],
        }),
      },
    })
    await user.click(await screen.findByRole('button', { name: 'New key' }))
    await user.type(await screen.findByLabelText('Name'), 'Shop')
    await user.click(screen.getByRole('button', { name: 'Make the key' }))
    await waitFor(() => expect(descriptionOf(screen.getByLabelText('Name'))).toContain('A key has a shorter name.'))
  })
})

describe('the settings of the business', () => {
  it('are saved as far as they were changed', async () => {
    const saved: object[] = []
    const settings = {
      __typename: 'TenantSettings',
      brand: 'Mugs',
      signature: null,
      locale: 'en',
      undoSendSeconds: 10,
      reopenWindowDays: 14,
      vipFromLifetimeValue: null,
      autoTriage: true,
      aiDrafts: true,
      aiRecommendations: true,
      messageRetentionDays: null,
      eventRetentionDays: 365,
      demoMode: false,
      scoringFormula: { version: 'default', weights: { churnRisk: 3 }, ageCurve: 'LINEAR_DAYS' },
    }
    const tenant = { id: 'tenant-1', name: 'Mugs', currencyCode: 'USD', timeZone: 'UTC', isDemo: false, settings }
    const { user } = show(<SettingsPage section="business" />, {
      answers: {
        viewer: { permissions: [], agent: null, tenant },
        updateTenantSettings: ({ input }: { input: object }) => {
          saved.push({ ...input })
          return { tenant: { ...tenant, settings: { ...settings, undoSendSeconds: 30 } }, userErrors: [] }
        },
      },
    })
    const undo = await screen.findByLabelText('Undo send, in seconds')
    await user.clear(undo)
    await user.type(undo, '300')
    await user.click(screen.getByRole('button', { name: 'Save changes' }))
    expect(descriptionOf(undo)).toContain('from 0 to 120')
    await user.clear(undo)
    await user.type(undo, '30')
    await user.click(screen.getByRole('button', { name: 'Save changes' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save changes' })).toBeNull())
    expect(saved).toEqual([{ undoSendSeconds: 30 }])
  })
})
