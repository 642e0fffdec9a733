import { PageHeader } from '../../ui/page.tsx'

export function DemoPage() {
  return <PageHeader title="Demo" />
}
