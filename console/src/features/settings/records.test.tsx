import { configure, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { show } from '../../../tests/kit.tsx'
import { AuditSection } from './audit/section.tsx'
import { descriptionOf } from './parts/described.test-kit.ts'
import { RolesSection } from './roles/section.tsx'

configure({ asyncUtilTimeout: 15_000 })

const change = (field: string, from: unknown, to: unknown) => ({ __typename: 'FieldChange', field, from, to })
const anEntry = (id: string, more: object = {}) => ({
  ...{ __typename: 'AuditEntry', id, at: '2026-02-01T10:00:00Z', action: 'agent.password_changed' },
  ...{ subjectType: 'agent', subjectId: 'f00d0000-0000-4000-8000-0000000abcde', changes: [] },
  actor: { __typename: 'Agent', id: 'agent-maya', name: 'Maya' },
  ...more,
})
const page = (nodes: object[], endCursor: string | null = null) => ({
  nodes,
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
})

function open(logOf: (asked: Record<string, unknown>) => object) {
  const asked: Record<string, unknown>[] = []
  const answers = {
    agents: { nodes: [{ __typename: 'Agent', id: 'agent-maya', name: 'Maya', role: 'ADMIN' }] },
    auditLog: (args: Record<string, unknown>) => {
      asked.push({ ...args })
      return logOf(args)
    },
  }
  return { asked, ...show(<AuditSection />, { answers }) }
}

describe('the audit log', () => {
  it('says who did what, and what it was before', async () => {
    const changes = [change('role', 'AGENT', 'ADMIN'), change('name', null, 'Ravi'), change('skills', ['a'], null)]
    open(() => page([anEntry('e1', { changes: [...changes, change('capacity', 10, 20)] }), anEntry('e2')]))
    const [, changed, read] = await screen.findAllByRole('row')
    expect(changed?.textContent).toContain('Agent: password changed')
    expect(changed?.textContent).toContain('2026')
    expect(changed?.textContent).toContain('role from AGENT to ADMIN')
    expect(changed?.textContent).toContain('name to Ravi')
    expect(changed?.textContent).toContain('skills from ["a"]')
    expect(changed?.textContent).toContain('1 more')
    expect(read?.textContent).toContain('Read only')
  })

  it('names customers and programs that did it', async () => {
    const customer = { __typename: 'Customer', id: 'c1', name: 'Ada' }
    const rule = { __typename: 'SystemActor', kind: 'AUTOMATION', name: 'A rule' }
    open(() => page([anEntry('e1', { actor: customer }), anEntry('e2', { actor: rule })]))
    expect(await screen.findByRole('cell', { name: 'Ada' })).toBeTruthy()
    expect(screen.getByRole('cell', { name: 'A rule' })).toBeTruthy()
  })

  it('is narrowed, the last day as a whole, and shown in full again', async () => {
    const { asked, user } = open(({ action }) => page(action ? [] : [anEntry('e1')]))
    await screen.findByRole('row', { name: /Maya/ })
    await user.selectOptions(screen.getByLabelText('What'), 'Agent added')
    expect(await screen.findByText('Nothing fits')).toBeTruthy()
    await user.selectOptions(screen.getByLabelText('Who'), 'Maya')
    await user.type(screen.getByLabelText('From'), '2026-02-01')
    await user.type(screen.getByLabelText('Until'), '2026-02-01')
    await waitFor(() => expect(asked.at(-1)).toMatchObject({ action: 'agent.created', actorId: 'agent-maya' }))
    await waitFor(() => {
      const { from, to } = asked.at(-1) as { from?: string; to?: string }
      expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000)
    })
    await user.click(screen.getByRole('button', { name: 'Clear' }))
    expect(await screen.findByRole('row', { name: /Maya/ })).toBeTruthy()
  })

  it('asks for a thing once its id is one', async () => {
    const { asked, user } = open(() => page([anEntry('e1')]))
    const id = await screen.findByLabelText('Id of the thing')
    await user.type(id, 'f00d')
    expect(descriptionOf(id)).toContain('This is no id.')
    expect(asked.every(({ subjectId }) => subjectId === undefined)).toBe(true)
    await user.clear(id)
    await user.click(id)
    await user.paste('f00d0000-0000-4000-8000-0000000abcde')
    expect(descriptionOf(id)).toBe('')
    await waitFor(() => expect(asked.at(-1)?.['subjectId']).toBe('f00d0000-0000-4000-8000-0000000abcde'))
  })

  it('goes on where it ended', async () => {
    const { user } = open(({ after }) => (after === 'end' ? page([anEntry('e2')]) : page([anEntry('e1')], 'end')))
    await user.click(await screen.findByRole('button', { name: 'Show more' }))
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(3))
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
  })
})

describe('roles', () => {
  it('each include the ones before, and one’s own is marked', async () => {
    show(<RolesSection />)
    const table = within(await screen.findByRole('table', { name: 'What each role may do' }))
    const may = (name: RegExp) =>
      within(table.getByRole('row', { name }))
        .getAllByRole('cell')
        .map(({ textContent }) => textContent)
    expect(may(/^Answer tickets/)).toEqual(['Yes', 'Yes', 'Yes', 'Yes', 'Yes'])
    expect(may(/^Assign tickets/)).toEqual(['No', 'No', 'Yes', 'Yes', 'Yes'])
    expect(may(/^Erase customers/)).toEqual(['No', 'No', 'No', 'No', 'Yes'])
    expect(table.getByRole('columnheader', { name: /You/ }).textContent).toContain('Admin')
  })
})
