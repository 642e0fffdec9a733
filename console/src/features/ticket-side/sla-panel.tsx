import { Pause } from 'lucide-react'
import { formatDateTime, formatDuration, words } from '../../shared/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { classes } from '../../ui/classes.ts'
import { faceOf } from './countdown.ts'
import type { TicketSideClockFragment } from './generated/Headline.ts'
import { useServerNow } from '../../shared/now.tsx'
import { Disclosure, SidePanel } from './side-panel.tsx'

type Clock = TicketSideClockFragment

/** The promises about this ticket, and how long each still has. */
export function SlaPanel({ clocks }: { clocks: readonly Clock[] }) {
  return (
    <SidePanel name="sla" title="SLA" summary={<MostPressing clocks={clocks} />}>
      {clocks.length === 0 && <p className="text-sm text-ink-soft">Nothing was promised about this ticket.</p>}
      <ul className="divide-y divide-line">
        {clocks.toSorted(byPressure).map((clock) => (
          <ClockRow key={`${clock.metric}${clock.startedAt}`} clock={clock} />
        ))}
      </ul>
    </SidePanel>
  )
}

const pressure = { BREACHING: 0, IMMINENT_BREACH: 1, PENDING: 2, PAUSED: 3, BREACHED: 4, ACHIEVED: 5, CANCELLED: 6 }
const byPressure = (a: Clock, b: Clock) =>
  pressure[a.status] - pressure[b.status] || (a.breachAt ?? '9').localeCompare(b.breachAt ?? '9')

const inks = { good: 'text-good', warn: 'text-warn', bad: 'text-bad', neutral: 'text-ink-soft', accent: '', note: '' }

function MostPressing({ clocks }: { clocks: readonly Clock[] }) {
  const now = useServerNow()
  const [clock] = clocks.toSorted(byPressure)
  if (!clock) return null
  const { left, tone, state } = faceOf(clock, now)
  return <span className={classes('text-xs tabular-nums', inks[tone])}>{left ?? state}</span>
}

function ClockRow({ clock }: { clock: Clock }) {
  const now = useServerNow()
  const { left, spoken, tone, state } = faceOf(clock, now)
  const name = words(clock.metric)
  return (
    <li className="py-2 first:pt-0 last:pb-0">
      <div className="flex items-center justify-between gap-2">
        <span className="text-sm font-medium">{name}</span>
        <Badge tone={tone}>
          {clock.status === 'PAUSED' && <Pause aria-hidden className="size-3" />}
          {state}
        </Badge>
      </div>
      <div className="flex items-baseline justify-between gap-2">
        {left === null ? (
          <p className="text-sm text-ink-soft">{spoken}</p>
        ) : (
          <p
            role="timer"
            aria-label={`${name}: ${spoken}`}
            className={classes('text-lg font-semibold tabular-nums', inks[tone])}
          >
            {left}
          </p>
        )}
        {left !== null && clock.breachAt && (
          <time dateTime={clock.breachAt} className="text-xs text-ink-faint">
            {formatDateTime(clock.breachAt)}
          </time>
        )}
      </div>
      <Disclosure label={`Explain ${name.toLowerCase()}`}>
        <Explanation clock={clock} />
      </Disclosure>
    </li>
  )
}

function Explanation({ clock: { policy, intervals, explanation, elapsedSeconds } }: { clock: Clock }) {
  return (
    <>
      <p>{withLocalTimes(explanation)}</p>
      <p className="mt-1">
        Policy “{policy.name}”, version {policy.version}. {formatDuration(elapsedSeconds)} counted when this was read.
      </p>
      <table className="mt-1 w-full text-left">
        <caption className="sr-only">What of its time counted</caption>
        <thead className="text-ink-faint">
          <tr>
            <th className="pr-2 font-medium">From</th>
            <th className="pr-2 font-medium">To</th>
            <th className="font-medium">Counts?</th>
          </tr>
        </thead>
        <tbody>
          {intervals.map(({ from, to, counted, reason }) => (
            <tr key={from} className="border-t border-line align-top">
              <td className="py-0.5 pr-2">{formatDateTime(from)}</td>
              <td className="py-0.5 pr-2">{to ? formatDateTime(to) : 'now'}</td>
              <td className="py-0.5">
                {counted ? 'yes' : 'no'}: {reason}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** The service writes instants as ISO; people read them in their own time. */
const withLocalTimes = (text: string) =>
  text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/g, (instant) => formatDateTime(instant))
