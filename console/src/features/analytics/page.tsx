import { PageHeader } from '../../ui/page.tsx'

export function AnalyticsPage() {
  return <PageHeader title="Analytics" />
}
