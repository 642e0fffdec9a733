import { Link } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { Suspense } from 'react'
import { useCommand } from '../../commands/use-command.ts'
import { useMay } from '../../session/viewer.tsx'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { EmptyState, Skeleton } from '../../ui/state.tsx'
import { useCurrentInView } from '../../ui/use-current-in-view.ts'
import { useChoice } from './address.ts'

/** Each part is loaded when it is opened: the charts are heavy. */
const parts = {
  support: { label: 'Support', of: lazyPart(async () => (await import('./support-part.tsx')).SupportPart) },
  agents: { label: 'Agents', of: lazyPart(async () => (await import('./agents-part.tsx')).AgentsPart) },
  drafts: { label: 'Drafts', of: lazyPart(async () => (await import('./drafts-part.tsx')).DraftsPart) },
  churn: { label: 'Churn', of: lazyPart(async () => (await import('./churn-part.tsx')).ChurnPart) },
  segments: { label: 'Segments', of: lazyPart(async () => (await import('./segments-part.tsx')).SegmentsPart) },
  cohorts: { label: 'Cohorts', of: lazyPart(async () => (await import('./cohorts-part.tsx')).CohortsPart) },
  models: { label: 'Models', of: lazyPart(async () => (await import('./models-part.tsx')).ModelsPart) },
} as const

type Name = keyof typeof parts
const names = Object.keys(parts) as Name[]

/** How support does, and how customers do. */
export function AnalyticsPage() {
  const may = useMay()
  if (may('report:read')) return <Parts />
  return (
    <>
      <PageHeader title="Analytics" />
      <EmptyState icon={Lock} title="Reports are for team leads and above">
        Your role does not include reading reports. An administrator can change that under Settings, Agents.
      </EmptyState>
    </>
  )
}

function Parts() {
  const [name, choose] = useChoice('part', names)
  const { label, of: Part } = parts[name]
  const list = useCurrentInView(name)
  return (
    <>
      <PageHeader title="Analytics" description="How support does, and how customers do" />
      {names.map((one) => (
        <PartCommand key={one} name={one} onRun={() => choose(one)} />
      ))}
      <nav
        ref={list}
        aria-label="Parts of the analytics"
        className="flex gap-1 overflow-x-auto border-b border-line px-4"
      >
        {names.map((one) => (
          <Link
            key={one}
            to="."
            search={((before: object) => ({ ...before, part: one })) as never}
            aria-current={one === name ? 'page' : undefined}
            className="-mb-px flex min-h-10 items-center border-b-2 border-transparent px-3 text-sm font-medium text-ink-soft -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-accent"
          >
            {parts[one].label}
          </Link>
        ))}
      </nav>
      <section aria-label={label} className="p-5">
        <h2 className="sr-only">{label}</h2>
        <Suspense fallback={<Skeleton className="h-80" label={`Loading ${label}`} />}>
          <Part />
        </Suspense>
      </section>
    </>
  )
}

function PartCommand({ name, onRun }: { name: Name; onRun: () => void }) {
  const { label } = parts[name]
  useCommand({ id: `analytics.${name}`, title: `Analytics: ${label}`, section: 'Analytics', run: onRun })
  return null
}
