import { PageHeader } from '../../ui/page.tsx'

export function SettingsPage({ section }: { section: string }) {
  return <PageHeader title={`Settings: ${section}`} />
}
