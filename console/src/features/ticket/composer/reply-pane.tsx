import { Trash2 } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { useCommand } from '../../../commands/use-command.ts'
import { useLasting } from '../../../shared/use-lasting.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { CitedRecords } from './cited-records.tsx'
import { DraftMark, DraftTools, WritingBar, type Wish } from './draft-bar.tsx'
import { DraftStatus } from './draft-status.tsx'
import { AttachButton, FileList } from './file-list.tsx'
import { LimitCount } from './limit-count.tsx'
import { ReplyField } from './reply-field.tsx'
import { SendButton, type ThenStatus } from './send-button.tsx'
import type { useDraftStream } from './use-draft-stream.ts'
import type { ComposerModel } from './use-composer.ts'
import type { Files } from './use-files.ts'

type ReplyPaneProps = {
  model: ComposerModel
  files: Files
  field: RefObject<HTMLTextAreaElement | null>
  stream: ReturnType<typeof useDraftStream>
  head: ReactNode
  pointedAt: readonly string[]
  onPoint: (sentences: readonly string[]) => void
  write: (wish: Wish) => void
  onSend: (then: ThenStatus) => void
  onTyping: () => void
}

const citedNothing: never[] = []

/** A reply to the customer. */
export function ReplyPane({
  model,
  files,
  field,
  stream,
  head,
  pointedAt,
  onPoint,
  write,
  onSend,
  onTyping,
}: ReplyPaneProps) {
  const { state, dispatch, ground, draft, isUntouched, tellUse } = model
  const { text, origin } = state.writing
  const isWriting = stream.written !== null
  const isEmpty = text.trim() === '' || isWriting
  const citations = origin && !isWriting ? origin.citations : citedNothing
  const type = (typed: string) => {
    onTyping()
    if (origin) tellUse(origin.id, 'INSERTED')
    dispatch({ type: 'typed', text: typed, ground })
  }
  const discard = () => {
    if (origin) tellUse(origin.id, 'DISCARDED')
    dispatch({ type: 'discarded' })
    field.current?.focus()
  }
  // Lasting, for what a letter does not change.
  const send = useLasting(onSend)
  const attach = useLasting(files.add)
  const inTicket = { section: 'Ticket' } as const
  useCommand({
    ...inTicket,
    id: 'ticket.send',
    title: 'Send the reply',
    shortcut: 'mod+enter',
    isEnabled: !isEmpty,
    run: () => onSend(null),
  })
  useCommand({
    ...inTicket,
    id: 'ticket.sendClose',
    title: 'Send and close',
    shortcut: 'mod+shift+enter',
    isEnabled: !isEmpty,
    run: () => onSend('CLOSED'),
  })
  useCommand({
    ...inTicket,
    id: 'ticket.sendWait',
    title: 'Send and wait for the customer',
    isEnabled: !isEmpty,
    run: () => onSend('PENDING'),
  })
  useCommand({
    ...inTicket,
    id: 'ticket.shorter',
    title: 'Draft: shorter',
    isEnabled: draft !== null,
    run: () => write({ length: 'SHORT' }),
  })
  useCommand({
    ...inTicket,
    id: 'ticket.warmer',
    title: 'Draft: more empathetic',
    isEnabled: draft !== null,
    run: () => write({ tone: 'EMPATHETIC' }),
  })

  return (
    <>
      <div className="flex min-h-8 items-center gap-2 px-2 pt-1.5">
        {head}
        {isWriting ? (
          <WritingBar onStop={stream.stop} />
        ) : (
          <>
            {origin && <DraftMark draft={origin} isEdited={!isUntouched} />}
            {state.offered && text.trim() === '' && (
              <Button
                className="min-h-6 px-2 text-xs"
                onClick={() => state.offered && dispatch({ type: 'took', draft: state.offered, ground })}
              >
                Use the draft
              </Button>
            )}
            {draft && <DraftTools draft={origin ?? draft} onWrite={write} />}
          </>
        )}
      </div>
      <ReplyField
        field={field}
        text={stream.written ?? text}
        citations={citations}
        pointedAt={pointedAt}
        onText={type}
        readOnly={isWriting}
        aria-busy={isWriting}
        placeholder={model.isDraftLoading ? 'The draft is being written…' : 'Write a reply'}
      />
      {!isWriting && <CitedRecords text={text} citations={citations} onPoint={onPoint} />}
      <DraftStatus model={model} />
      <FileList files={files} />
      <div className="flex items-center gap-1 px-2 pb-2">
        <AttachButton onFiles={attach} />
        {text !== '' && !isWriting && (
          <IconButton label={origin ? 'Discard the draft' : 'Discard the text'} onClick={discard}>
            <Trash2 aria-hidden className="size-4" />
          </IconButton>
        )}
        {(origin ?? draft) && <LimitCount text={text} limit={(origin ?? draft)?.limit} />}
        <div className="ml-auto">
          <SendButton isDisabled={isEmpty} onSend={send} />
        </div>
      </div>
    </>
  )
}
