import { PageHeader } from '../../ui/page.tsx'

export function CustomersPage() {
  return <PageHeader title="Customers" />
}
