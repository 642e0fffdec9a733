import { choose, dialog, heading, over, press, type ConsolePage } from './page-kit.ts'

/** The sections of the settings; with the button of those in which something is made. */
const sections: readonly [id: string, title: string, makes?: string][] = [
  ['profile', 'Profile'],
  ['alerts', 'Topic alerts', 'New alert'],
  ['agents', 'Agents', 'New agent'],
  ['teams', 'Teams', 'New team'],
  ['roles', 'Roles'],
  ['queues', 'Queues', 'New queue'],
  ['sla', 'SLA policies', 'New policy'],
  ['calendars', 'Calendars', 'New calendar'],
  ['rules', 'Automation rules', 'New rule'],
  ['business', 'Business'],
  ['policies', 'Policies', 'New policy'],
  ['keys', 'Partner keys', 'New key'],
  ['webhooks', 'Webhooks', 'New endpoint'],
  ['insight-webhooks', 'Insight webhooks', 'New insight webhook'],
  ['audit', 'Audit log'],
]
export const sectionTitles = sections.map(([, title]) => title)

const sectionPages = sections.flatMap(([id, title, makes]): ConsolePage[] => {
  const section = {
    name: `settings: ${title}`,
    at: `/settings/${id}`,
    shows: heading(title),
    ...(['profile', 'agents'].includes(id) && { screen: `settings-${id}` }),
  }
  if (makes === undefined) return [section]
  return [
    section,
    { ...section, name: `${title}: ${makes}`, shows: dialog, within: over, open: (page) => press(page, makes) },
  ]
})

const dialogs: readonly ConsolePage[] = [
  {
    name: 'a rule with a condition and an action',
    within: over,
    at: '/settings/rules',
    shows: (page) => page.getByRole('group', { name: 'Condition 1' }),
    open: async (page) => {
      for (const name of ['New rule', 'Add an action', 'Add a condition']) await press(page, name)
    },
  },
  {
    name: 'a form that was refused',
    within: over,
    at: '/settings/webhooks',
    shows: (page) => page.locator('[aria-invalid="true"]'),
    open: async (page) => {
      for (const name of ['New endpoint', 'Save']) await press(page, name)
    },
  },
  {
    name: 'changes about to be lost',
    at: '/settings/queues',
    shows: (page) => page.getByRole('dialog', { name: 'Discard the changes?' }),
    open: async (page) => {
      await press(page, 'New queue')
      await page.getByLabel('Name').fill('Returns')
      await press(page, 'Cancel')
    },
  },
  {
    name: 'a partner key, told once',
    within: over,
    at: '/settings/keys',
    shows: (page) => page.getByRole('dialog', { name: 'Your new key' }),
    open: async (page) => {
      await press(page, 'New key')
      await page.getByLabel('Name').fill('Warehouse')
      await press(page, 'Make the key')
    },
  },
  {
    name: 'a partner key about to be revoked',
    within: over,
    at: '/settings/keys',
    shows: (page) => page.getByRole('dialog', { name: 'Revoke the key Warehouse?' }),
    open: async (page) => {
      await press(page, 'Actions for Warehouse')
      await choose(page, 'Revoke…')
    },
  },
]

/** Every section, what is made there, and other dialogs. */
export const settings: readonly ConsolePage[] = [...sectionPages, ...dialogs]
