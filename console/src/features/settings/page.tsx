import { Lock } from 'lucide-react'
import { Suspense, useEffect, useRef } from 'react'
import { useMay } from '../../session/viewer.tsx'
import { useTitle } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/state.tsx'
import { LoadingSection } from './parts/listing.tsx'
import { leastRole, sectionOf, type SettingsSection } from './sections.ts'
import { SideList } from './side-list.tsx'

/** The settings: a list of sections at the side, one of them beside it. */
export function SettingsPage({ section: id }: { section: string }) {
  const section = sectionOf(id)
  const title = section?.title ?? 'There is no such section'
  useTitle(`${title} · Settings`)
  return (
    <div className="flex h-full min-h-0 flex-col md:flex-row">
      <SideList current={id} />
      <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-5xl flex-col gap-5 px-6 py-6">
          <SectionHead title={title} description={section?.description} />
          {section && <SectionBody key={id} section={section} />}
        </div>
      </div>
    </div>
  )
}

/** Takes the focus where another section comes, not where the page opens. */
function SectionHead({ title, description }: { title: string; description: string | undefined }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(title)
  useEffect(() => {
    if (shown.current !== title) heading.current?.focus()
    shown.current = title
  }, [title])
  return (
    <header>
      <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold focus-visible:outline-none">
        {title}
      </h1>
      {description && <p className="mt-0.5 text-sm text-ink-soft">{description}</p>}
    </header>
  )
}

function SectionBody({ section }: { section: SettingsSection }) {
  const may = useMay()
  const { permission, component: Component } = section
  if (permission && !may(permission))
    return (
      <EmptyState
        icon={Lock}
        title={`This is for the role ${leastRole[permission] ?? 'Administrator'} and those above`}
      >
        Ask an administrator of your business if you need it.
      </EmptyState>
    )
  return (
    <Suspense fallback={<LoadingSection />}>
      <Component />
    </Suspense>
  )
}
