import { formatDateTime } from '../../../shared/format.ts'

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

/** The time of day; the day stands above. */
export function At({ at }: { at: string }) {
  return (
    <time dateTime={at} title={formatDateTime(at)} className="tabular-nums">
      {clock.format(new Date(at))}
    </time>
  )
}
