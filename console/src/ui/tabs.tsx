import { Tabs as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export type Tab = { id: string; label: ReactNode; content: ReactNode }

/** Parts of which one is shown at a time; arrow keys go from one to the next. Uncontrolled unless `value` is given. */
export function Tabs({
  label,
  tabs,
  value,
  onChange,
  className,
}: {
  label: string
  tabs: readonly Tab[]
  value?: string
  onChange?: (id: string) => void
  className?: string
}) {
  return (
    <Primitive.Root
      {...(value === undefined ? { defaultValue: tabs[0]?.id ?? '' } : { value })}
      {...(onChange && { onValueChange: onChange })}
      className={className}
    >
      <Primitive.List aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map(({ id, label: name }) => (
          <Primitive.Trigger
            key={id}
            value={id}
            className={classes(
              '-mb-px inline-flex min-h-9 items-center gap-1.5 border-b-2 border-transparent px-3 text-sm font-medium whitespace-nowrap text-ink-soft',
              'hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:text-ink',
            )}
          >
            {name}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map(({ id, content }) => (
        <Primitive.Content key={id} value={id} className="pt-3 focus-visible:outline-offset-4">
          {content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  )
}
