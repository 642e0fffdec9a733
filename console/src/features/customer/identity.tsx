import { formatDate, words } from '../../shared/format.ts'
import { Ago, useNow } from '../../shared/now.tsx'
import { Badge } from '../../ui/badge.tsx'
import { FactList } from './fact-list.tsx'
import type { CustomerFactsFragment } from './generated/Facts.ts'
import { channelName, languageName, timeThere } from './wording.ts'

/** Who it is, and how and when to reach them. */
export function Identity({ of, isFull = false }: { of: CustomerFactsFragment; isFull?: boolean }) {
  return (
    <div className="flex flex-col gap-2">
      <FactList
        facts={[
          [
            'E-mail',
            of.email && (
              <a
                className="inline-block min-h-6 text-accent underline-offset-2 hover:underline"
                href={`mailto:${of.email}`}
              >
                {of.email}
              </a>
            ),
          ],
          [
            'Phone',
            of.phone && (
              <a
                className="inline-block min-h-6 text-accent underline-offset-2 hover:underline"
                href={`tel:${of.phone.replaceAll(' ', '')}`}
              >
                {of.phone}
              </a>
            ),
          ],
          ['Their time', of.timeZone && <TimeThere timeZone={of.timeZone} />],
          ['Language', of.locale && languageName(of.locale)],
          ['Writes by', of.preferredChannel && channelName(of.preferredChannel)],
          ['Last contact', of.lastContactAt && <Ago at={of.lastContactAt} />],
          ['Known since', isFull && of.createdAt ? formatDate(of.createdAt) : null],
          ...(isFull ? of.externalRefs.map(({ source, id }) => [words(source.replaceAll('-', ' ')), id] as const) : []),
        ]}
      />
      {of.tags.length > 0 && (
        <ul aria-label="Labels" className="flex flex-wrap gap-1">
          {of.tags.map((tag) => (
            <li key={tag}>
              <Badge>{tag}</Badge>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function TimeThere({ timeZone }: { timeZone: string }) {
  const time = timeThere(timeZone, useNow(60_000))
  return (
    <>
      {time} <span className="text-xs text-ink-faint">{timeZone.replaceAll('_', ' ')}</span>
    </>
  )
}
