import { useQuery } from '@apollo/client/react'
import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../session/viewer.tsx'
import { formatDate } from '../../../shared/format.ts'
import { actionsColumn, Listing, RowName } from '../parts/listing.tsx'
import { useCreateCommand } from '../parts/use-create.ts'
import { CalendarEditor } from './calendar-editor.tsx'
import { SettingsCalendarsDocument, type SettingsCalendarFragment } from './generated/Calendars.ts'
import { weekWords } from './week.ts'

export function CalendarsSection() {
  const mayChange = useMay()('config:write')
  const [shown, setShown] = useState<{ calendar: SettingsCalendarFragment | null } | null>(null)
  const { data, error, refetch } = useQuery(SettingsCalendarsDocument, { fetchPolicy: 'cache-and-network' })
  const create = () => setShown({ calendar: null })
  useCreateCommand('calendar', mayChange, create)
  return (
    <>
      <Listing
        caption="Calendars"
        answer={{ rows: data?.businessCalendars, error, refetch }}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: 'Name',
            isHeading: true,
            cell: (calendar) => (
              <RowName
                name={calendar.name}
                below={calendar.timeZone}
                onOpen={mayChange ? () => setShown({ calendar }) : undefined}
              />
            ),
          },
          {
            id: 'hours',
            title: 'Opening hours',
            className: 'w-1/2',
            cell: ({ weekly }) => (
              <ul className="flex flex-col gap-0.5">
                {weekWords(weekly).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            ),
          },
          { id: 'holidays', title: 'Next holiday', cell: ({ holidays }) => <NextHoliday holidays={holidays} /> },
          actionsColumn<SettingsCalendarFragment>(
            ({ name }) => name,
            (calendar) => (mayChange ? [{ id: 'edit', label: 'Edit', run: () => setShown({ calendar }) }] : []),
          ),
        ]}
        empty={{
          icon: CalendarClock,
          title: 'No calendars yet',
          text: 'Without one, all hours of the day count for what you promise. With one, nights and holidays do not.',
        }}
        create={mayChange ? { label: 'New calendar', run: create } : undefined}
      />
      {shown && <CalendarEditor calendar={shown.calendar} onClose={() => setShown(null)} />}
    </>
  )
}

function NextHoliday({ holidays }: Pick<SettingsCalendarFragment, 'holidays'>) {
  const today = new Date().toISOString().slice(0, 10)
  const next = holidays.filter(({ date }) => date >= today).toSorted((a, b) => a.date.localeCompare(b.date))[0]
  if (!next) return <span className="text-ink-faint">None</span>
  return (
    <>
      {next.name}, {formatDate(`${next.date}T12:00:00`)}
    </>
  )
}
