import { useQuery } from '@apollo/client/react'
import { useEffect, useRef } from 'react'
import { useCommand } from '../../commands/use-command.ts'
import { TextField } from '../../ui/field.tsx'
import type { CustomersAddress } from './address.ts'
import { CustomerResults } from './customer-results.tsx'
import { CustomersNamedDocument } from './generated/Search.ts'
import { PageTurner, usePageCursor } from './page-turner.tsx'

export type WayProps = { address: CustomersAddress; change: (next: Partial<CustomersAddress>) => void }

/** By part of a name, an address or a phone number; the newest first. */
export function CustomersByName({ address, change }: WayProps) {
  const box = useRef<HTMLInputElement>(null)
  const later = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(later.current), [])
  useCommand({
    id: 'customers.search',
    title: 'Search customers',
    section: 'Customers',
    shortcut: 'slash',
    run: () => box.current?.focus(),
  })
  return (
    <>
      <div className="max-w-md">
        <TextField
          ref={box}
          label="Name, e-mail address or phone number"
          type="search"
          maxLength={200}
          defaultValue={address.name}
          onChange={({ target }) => {
            clearTimeout(later.current)
            later.current = setTimeout(() => change({ name: target.value.trim() }), 200)
          }}
        />
      </div>
      <Named key={address.name} name={address.name} />
    </>
  )
}

function Named({ name }: { name: string }) {
  const pages = usePageCursor()
  const { data, previousData, error, loading, refetch } = useQuery(CustomersNamedDocument, {
    variables: { query: name || null, first: 50, after: pages.after },
    fetchPolicy: 'cache-and-network',
  })
  const found = (data ?? previousData)?.customers
  return (
    <>
      <CustomerResults
        customers={found?.nodes}
        isLoading={loading}
        error={error}
        onRetry={() => void refetch()}
        empty={name ? `Nobody fits “${name}”` : 'There are no customers yet'}
        hint={
          name
            ? 'Part of a name, an e-mail address or a phone number is enough.'
            : 'They come with their first message or order, or with an import.'
        }
      />
      <PageTurner pages={pages} of={found?.pageInfo} />
    </>
  )
}
