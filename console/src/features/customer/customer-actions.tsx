import { Download, Ellipsis, Merge, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { toast } from '../../shared/toast.ts'
import { useCommand } from '../../commands/use-command.ts'
import { useMutate } from '../../graph/mutate.ts'
import { useMay } from '../../session/viewer.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { EditCustomer } from './edit-customer.tsx'
import { EraseCustomer } from './erase-customer.tsx'
import type { CustomerFactsFragment } from './generated/Facts.ts'
import { CustomerExportDocument } from './generated/Manage.ts'
import { MergeCustomer } from './merge-customer.tsx'

/** What can be done with a customer's record, each as far as one may. */
export function CustomerActions({ customer }: { customer: CustomerFactsFragment }) {
  const may = useMay()
  const [open, setOpen] = useState<'edit' | 'merge' | 'erase' | null>(null)
  const exportData = useExport(customer)
  const mayEdit = may('customer:write')
  const mayMerge = mayEdit && may('ticket:read_all')
  const close = () => setOpen(null)
  const section = 'Customer'
  useCommand({
    id: 'customer.edit',
    title: 'Edit the customer',
    section,
    isEnabled: mayEdit,
    run: () => setOpen('edit'),
  })
  useCommand({
    id: 'customer.merge',
    title: 'Merge with another record',
    section,
    isEnabled: mayMerge,
    run: () => setOpen('merge'),
  })
  useCommand({
    id: 'customer.export',
    title: 'Export the person’s data',
    section,
    isEnabled: may('audit:read'),
    run: exportData,
  })
  useCommand({
    id: 'customer.erase',
    title: 'Erase the person',
    section,
    isEnabled: may('customer:erase'),
    run: () => setOpen('erase'),
  })
  const icon = 'size-4'
  const items: (MenuItem | false)[] = [
    mayMerge && {
      id: 'merge',
      label: 'Merge…',
      icon: <Merge aria-hidden className={icon} />,
      run: () => setOpen('merge'),
    },
    may('audit:read') && {
      id: 'export',
      label: 'Export data',
      icon: <Download aria-hidden className={icon} />,
      run: exportData,
    },
    may('customer:erase') && { id: 'line', separator: true },
    may('customer:erase') && {
      id: 'erase',
      label: 'Erase…',
      isDanger: true,
      icon: <Trash2 aria-hidden className={icon} />,
      run: () => setOpen('erase'),
    },
  ]
  const offered = items.filter((item) => item !== false)
  return (
    <>
      {mayEdit && (
        <Button onClick={() => setOpen('edit')}>
          <Pencil aria-hidden className="size-4" /> Edit
        </Button>
      )}
      {offered.length > 0 && (
        <Menu
          label="More"
          items={offered}
          trigger={
            <IconButton label="More">
              <Ellipsis aria-hidden className="size-4" />
            </IconButton>
          }
        />
      )}
      {open === 'edit' && <EditCustomer customer={customer} onClose={close} />}
      {open === 'merge' && <MergeCustomer customer={customer} onClose={close} />}
      {open === 'erase' && <EraseCustomer customer={customer} onClose={close} />}
    </>
  )
}

/** Opens the download that the service signs for a short while. */
function useExport({ id, name }: CustomerFactsFragment) {
  const [run] = useMutate(CustomerExportDocument)
  return () =>
    void run({ id }).then((outcome) => {
      if (!outcome.isGood || !outcome.payload.url) return
      const link = document.createElement('a')
      link.href = outcome.payload.url
      link.download = ''
      link.click()
      toast.success(`The data of ${name} are being downloaded`)
    })
}
