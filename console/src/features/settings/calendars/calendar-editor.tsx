import { useId } from 'react'
import { useViewer } from '../../../session/viewer.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Editor } from '../parts/editor.tsx'
import { refused } from '../parts/form.ts'
import { useSave } from '../parts/save.ts'
import {
  SettingsCalendarsDocument,
  SettingsSaveCalendarDocument,
  type SettingsCalendarFragment,
} from './generated/Calendars.ts'
import { HolidaysField } from './holidays-field.tsx'
import { weeklyOf, weekOf, wrongOfDay, type Week } from './week.ts'
import { WeekField } from './week-field.tsx'

type Values = { name: string; timeZone: string; weekly: Week; holidays: { date: string; name: string }[] }

const office: Week = [1, 2, 3, 4, 5, 6, 7].map((day) => (day > 5 ? [] : [{ opens: '09:00', closes: '17:00' }]))
const zones: readonly string[] = Intl.supportedValuesOf('timeZone')

type CalendarEditorProps = { calendar: SettingsCalendarFragment | null; onClose: () => void }

export function CalendarEditor({ calendar, onClose }: CalendarEditorProps) {
  const { tenant } = useViewer()
  const zonesId = useId()
  const [save] = useSave(SettingsSaveCalendarDocument, {
    said: 'The calendar is saved. Running clocks go on under the new hours.',
    refetch: [SettingsCalendarsDocument],
    isQuiet: true,
  })
  return (
    <Editor<Values>
      title={calendar ? `Edit ${calendar.name}` : 'New calendar'}
      isWide
      initial={{
        name: calendar?.name ?? '',
        timeZone: calendar?.timeZone ?? tenant.timeZone,
        weekly: calendar ? weekOf(calendar.weekly) : office,
        holidays: calendar?.holidays.map(({ date, name }) => ({ date, name })) ?? [],
      }}
      check={wrongIn}
      save={({ weekly, ...values }) =>
        save({ input: { id: calendar?.id ?? null, ...values, weekly: weeklyOf(weekly) } })
      }
      onClose={onClose}
    >
      {(form) => (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField label="Name" autoComplete="off" {...form.text('name')} />
            <TextField
              label="Time zone"
              list={zonesId}
              autoComplete="off"
              hint="Begin to type a city: Europe/Paris."
              {...form.text('timeZone')}
            />
            <datalist id={zonesId}>
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </div>
          <WeekField
            week={form.values.weekly}
            error={form.errorOf('weekly')}
            onChange={(weekly) => form.set('weekly', weekly)}
          />
          <HolidaysField
            holidays={form.values.holidays}
            error={form.errorOf('holidays')}
            onChange={(holidays) => form.set('holidays', holidays)}
          />
        </>
      )}
    </Editor>
  )
}

function wrongIn({ name, weekly, holidays }: Values) {
  return [
    ...(name.trim() === '' ? [refused('name', 'A name is needed.')] : []),
    ...(weekly.every((day) => day.length === 0) ? [refused('weekly', 'Open at least once a week.')] : []),
    ...(weekly.some((day) => wrongOfDay(day) !== null) ? [refused('weekly', 'Look at the marked days.')] : []),
    ...(holidays.some(({ date, name: said }) => date === '' || said.trim() === '')
      ? [refused('holidays', 'Each holiday has a day and a name.')]
      : []),
  ]
}
