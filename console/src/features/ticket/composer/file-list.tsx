import { Paperclip, X } from 'lucide-react'
import { memo, useRef } from 'react'
import { useCommand } from '../../../commands/use-command.ts'
import { formatPercent } from '../../../shared/format.ts'
import { IconButton } from '../../../ui/button.tsx'
import type { Files } from './use-files.ts'

/** The reply's files, each with how far it got. */
export function FileList({ files: { files, remove } }: { files: Files }) {
  if (files.length === 0) return null
  return (
    <ul aria-label="Files of the reply" className="flex flex-wrap gap-1.5 px-3 pb-1.5">
      {files.map(({ key, fileName, share, id, error }) => (
        <li
          key={key}
          className="flex min-h-7 max-w-full items-center gap-1.5 rounded-md border border-line bg-raised pl-2 text-xs"
        >
          <Paperclip aria-hidden className="size-3 shrink-0 text-ink-faint" />
          <span className="max-w-48 truncate" title={fileName}>
            {fileName}
          </span>
          {error !== null ? (
            <span role="alert" className="font-medium text-bad">
              {error}
            </span>
          ) : (
            id === null && (
              <>
                <progress aria-label={`Uploading ${fileName}`} value={share} className="h-1.5 w-16 accent-accent" />
                <span className="text-ink-faint tabular-nums">{formatPercent(share)}</span>
              </>
            )
          )}
          <IconButton label={`Remove ${fileName}`} className="size-6 min-h-6" onClick={() => remove(key)}>
            <X aria-hidden className="size-3" />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}

export const AttachButton = memo(function AttachButton({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const input = useRef<HTMLInputElement>(null)
  useCommand({
    id: 'ticket.attach',
    title: 'Attach files to the reply',
    section: 'Ticket',
    keywords: ['upload', 'picture', 'document'],
    run: () => input.current?.click(),
  })
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={(event) => {
          onFiles(event.target.files ?? [])
          event.target.value = ''
        }}
      />
      <IconButton label="Attach files, up to 25 MB each" onClick={() => input.current?.click()}>
        <Paperclip aria-hidden className="size-4" />
      </IconButton>
    </>
  )
})
