import { PageHeader } from '../../ui/page.tsx'

export function CustomerPage({ customerId }: { customerId: string }) {
  return <PageHeader title={`Customer ${customerId}`} />
}
