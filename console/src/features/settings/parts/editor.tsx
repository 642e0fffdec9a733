import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import type { UserError } from '../../../graph/errors.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { useForm, type Form } from './form.ts'
import { DiscardDialog, LeaveGuard } from './guard.tsx'
import { Refusals } from './refusals.tsx'

export type Saved = { isGood: true } | { isGood: false; errors: UserError[] }

type EditorProps<Values extends object, Result extends Saved> = {
  title: string
  description?: ReactNode
  initial: Values
  /** What is known to be wrong without asking the server. */
  check?: (values: Values) => UserError[]
  save: (values: Values) => Promise<Result>
  /** Instead of `onClose` once it is saved, as to tell what came of it. */
  onSaved?: (result: Result) => void
  onClose: () => void
  verb?: string
  isWide?: boolean
  /** What stands beside the buttons, as a try before saving. */
  aside?: (form: Form<Values>) => ReactNode
  children: (form: Form<Values>) => ReactNode
}

/** A form in a dialog: says at the field what was refused, and is not left by mistake with changes. */
export function Editor<Values extends object, Result extends Saved = Saved>(props: EditorProps<Values, Result>) {
  const {
    title,
    description,
    initial,
    check,
    save,
    onSaved,
    onClose,
    verb = 'Save',
    isWide = false,
    aside,
    children,
  } = props
  const form = useForm(initial)
  const [isBusy, setBusy] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [attempts, setAttempts] = useState(0)
  const element = useRef<HTMLFormElement>(null)
  // After a refusal one stands at the first field that it names.
  useEffect(() => {
    if (attempts > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [attempts])

  async function submit(event: FormEvent) {
    event.preventDefault()
    // A form in a dialog lies, for React, inside whatever form the dialog lies in.
    event.stopPropagation()
    const wrong = check?.(form.values) ?? []
    setBusy(true)
    const outcome = wrong.length > 0 ? null : await save(form.values)
    setBusy(false)
    if (outcome?.isGood) return onSaved ? onSaved(outcome) : onClose()
    form.setErrors(outcome ? outcome.errors : wrong)
    setAttempts((count) => count + 1)
  }
  const close = () => (form.isDirty ? setAsking(true) : onClose())

  return (
    <>
      <Dialog isOpen onClose={close} title={title} description={description} isWide={isWide}>
        <form ref={element} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          {children(form)}
          <Refusals errors={form.others} />
          <div className="sticky -bottom-5 -mx-5 -mb-5 flex flex-wrap items-center gap-2 border-t border-line bg-surface px-5 py-3">
            {aside?.(form)}
            <span className="flex-1" />
            <Button onClick={close}>Cancel</Button>
            <Button kind="primary" type="submit" isBusy={isBusy}>
              {verb}
            </Button>
          </div>
        </form>
      </Dialog>
      <DiscardDialog isOpen={isAsking} onKeep={() => setAsking(false)} onDiscard={onClose} />
      <LeaveGuard isDirty={form.isDirty} />
    </>
  )
}
