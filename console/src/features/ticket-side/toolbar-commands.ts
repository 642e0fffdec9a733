import { useCommand } from '../../commands/use-command.ts'
import { useViewer } from '../../session/viewer.tsx'
import { moreActs } from './menu-items.tsx'
import type { Panel } from './panels.ts'
import type { Tooling } from './toolbar-buttons.tsx'

const section = 'Ticket'

/** Everything of the toolbar by its name, in the palette, and by keys. */
export function useToolbarCommands({ ticket, acts, may, panels }: Tooling): void {
  const { agent } = useViewer()
  const isOver = ticket.mergedInto !== null
  const isClosed = ticket.status === 'CLOSED'
  const canChange = may.change && !isOver
  const command = (id: string, title: string, isEnabled: boolean, run: () => unknown, shortcut?: string) => ({
    id: `ticket-side.${id}`,
    title,
    section,
    isEnabled,
    shortcut,
    run: () => void run(),
  })
  useCommand(command('done', 'Done: close and go on', canChange && !isClosed, acts.finish, 'e'))
  useCommand(command('assign', 'Assign', may.assign || may.take || may.release, () => panels.show('assign'), 'a'))
  useCommand(command('snooze', 'Snooze', canChange && !isClosed, () => panels.show('snooze'), 's'))
  useCommand(command('open', isClosed ? 'Reopen' : 'Set to open', canChange && ticket.status !== 'OPEN', acts.open))
  const canWait = canChange && !isClosed
  useCommand(command('wait-customer', 'Wait for the customer', canWait, () => acts.wait('CUSTOMER')))
  useCommand(command('wait-third', 'Wait for a third party', canWait, () => acts.wait('THIRD_PARTY')))
  useCommand(command('take', 'Assign to me', may.take, () => agent && acts.assign(agent)))
  useCommand(command('release', 'Assign to nobody', may.release, () => acts.assign(null)))
  useCommand(command('auto', 'Assign automatically', may.assign && !isClosed, acts.autoAssign))
  useCommand(command('urgent', 'Priority: urgent', canChange, () => acts.prioritise('URGENT')))
  useCommand(command('high', 'Priority: high', canChange, () => acts.prioritise('HIGH')))
  useCommand(command('normal', 'Priority: normal', canChange, () => acts.prioritise('NORMAL')))
  useCommand(command('low', 'Priority: low', canChange, () => acts.prioritise('LOW')))
  useCommand(command('tags', 'Tags', canChange, () => panels.show('tags')))
  const more = new Map(moreActs(ticket, may))
  const dialog = (panel: Panel) => command(panel, more.get(panel) ?? panel, more.has(panel), () => panels.show(panel))
  useCommand(dialog('transfer'))
  useCommand(dialog('escalate'))
  useCommand(dialog('followUp'))
  useCommand(dialog('edit'))
  useCommand(dialog('merge'))
  useCommand(dialog('split'))
  useCommand(dialog('delete'))
}
