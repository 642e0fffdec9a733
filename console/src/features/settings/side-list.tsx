import { Link, useNavigate } from '@tanstack/react-router'
import { useCommand } from '../../commands/use-command.ts'
import { useMay } from '../../session/viewer.tsx'
import { classes } from '../../ui/classes.ts'
import { useCurrentInView } from '../../ui/use-current-in-view.ts'
import { groups, type SettingsSection } from './sections.ts'

/** The sections that one may use, grouped. */
export function SideList({ current }: { current: string }) {
  const may = useMay()
  const list = useCurrentInView(current)
  const usable = groups
    .map(({ title, sections }) => ({
      title,
      sections: sections.filter(({ permission }) => !permission || may(permission)),
    }))
    .filter(({ sections }) => sections.length > 0)
  return (
    <nav
      ref={list}
      aria-label="Settings"
      className="flex shrink-0 gap-4 overflow-x-auto border-b border-line bg-surface px-3 py-2 md:w-56 md:flex-col md:gap-5 md:overflow-y-auto md:border-r md:border-b-0 md:py-5"
    >
      <p className="hidden px-2 text-lg font-semibold md:block">Settings</p>
      {usable.map(({ title, sections }) => (
        <div key={title} className="shrink-0">
          <p id={`settings-${title}`} className="mb-1 px-2 text-xs font-medium text-ink-faint">
            {title}
          </p>
          <ul aria-labelledby={`settings-${title}`} className="flex gap-0.5 md:flex-col">
            {sections.map((section) => (
              <li key={section.id}>
                <SectionLink section={section} isCurrent={section.id === current} />
                <GoTo section={section} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

function SectionLink({ section, isCurrent }: { section: SettingsSection; isCurrent: boolean }) {
  const { id, title, icon: Icon } = section
  return (
    <Link
      to="/settings/$section"
      params={{ section: id }}
      {...(isCurrent && { 'aria-current': 'page' as const })}
      className={classes(
        'flex min-h-8 items-center gap-2 rounded-md px-2 text-sm whitespace-nowrap',
        isCurrent ? 'bg-accent-soft font-medium text-accent' : 'text-ink-soft hover:bg-raised hover:text-ink',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      {title}
    </Link>
  )
}

function GoTo({ section: { id, title, keywords } }: { section: SettingsSection }) {
  const navigate = useNavigate()
  useCommand({
    id: `settings.${id}`,
    title: `Go to Settings: ${title}`,
    section: 'Go to',
    ...(keywords && { keywords }),
    run: () => void navigate({ to: '/settings/$section', params: { section: id } }),
  })
  return null
}
