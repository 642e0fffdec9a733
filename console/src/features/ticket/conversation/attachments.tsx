import { Download, FileText } from 'lucide-react'
import { formatBytes } from './bytes.ts'
import { atThisOrigin } from './file-address.ts'

type File = { id: string; fileName: string; contentType: string; byteSize: number; url: string }

const isPicture = ({ contentType }: File) => /^image\/(png|jpeg|gif|webp)$/.test(contentType)

/** Files that came with a message: pictures are shown, everything downloads. */
export function Attachments({ files }: { files: readonly File[] }) {
  if (files.length === 0) return null
  return (
    <ul aria-label="Files" className="mt-2 flex flex-wrap gap-2">
      {files.map((file) => (
        <li key={file.id}>
          <a
            href={atThisOrigin(file.url)}
            download={file.fileName}
            className="group flex min-h-8 max-w-56 flex-col overflow-hidden rounded-md border border-line bg-surface text-xs hover:border-line-strong"
          >
            {isPicture(file) && (
              <img src={atThisOrigin(file.url)} alt="" loading="lazy" className="h-28 w-56 bg-raised object-cover" />
            )}
            <span className="flex items-center gap-1.5 px-2 py-1.5">
              <FileText aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
              <span className="truncate font-medium" title={file.fileName}>
                {file.fileName}
              </span>
              <span className="shrink-0 text-ink-faint">{formatBytes(file.byteSize)}</span>
              <Download aria-hidden className="ml-auto size-3.5 shrink-0 text-ink-faint group-hover:text-ink" />
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}
