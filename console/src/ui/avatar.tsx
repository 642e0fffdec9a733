import { classes } from './classes.ts'

/** A person's initials; the name stands beside it or is its label. */
export function Avatar({
  name,
  isLabelled = false,
  className,
}: {
  name: string
  isLabelled?: boolean
  className?: string
}) {
  const initials = name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((part) => part[0]?.toUpperCase())
    .join('')
  return (
    <span
      {...(isLabelled ? { role: 'img', 'aria-label': name, title: name } : { 'aria-hidden': true })}
      // Drawn and not written: what stands in a button would count as its name.
      data-initials={initials || '?'}
      className={classes(
        'before:content-[attr(data-initials)]',
        'inline-flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-[0.65rem] font-semibold text-accent',
        className,
      )}
    />
  )
}
