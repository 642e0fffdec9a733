import { useViewer } from '../../../session/viewer.tsx'
import { words } from '../../../shared/format.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Section } from '../../../ui/page.tsx'
import { BrowserChoices } from './browser-choices.tsx'
import { PasswordForm } from './password-form.tsx'
import { StatusForm } from './status-form.tsx'

export function ProfileSection() {
  const { agent, tenant } = useViewer()
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <div className="flex items-center gap-3 lg:col-span-2">
        <Avatar name={agent?.name ?? ''} className="size-12 text-base" />
        <div className="min-w-0 flex-1">
          <p className="font-medium">
            {agent?.name} {agent && <Badge>{words(agent.role)}</Badge>}
          </p>
          <p className="text-sm text-ink-soft">
            {agent?.email} · {tenant.name}
          </p>
        </div>
      </div>
      <StatusForm />
      <BrowserChoices />
      <Section title="Password" className="lg:col-span-2">
        <PasswordForm />
      </Section>
    </div>
  )
}
