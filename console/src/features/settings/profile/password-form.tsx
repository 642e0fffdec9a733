import { useEffect, useRef, useState, type FormEvent } from 'react'
import { toast } from '../../../shared/toast.ts'
import { useMutate } from '../../../graph/mutate.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { refused, useForm } from '../parts/form.ts'
import { LeaveGuard } from '../parts/guard.tsx'
import { Refusals } from '../parts/refusals.tsx'
import { SettingsChangePasswordDocument } from './generated/Profile.ts'

const nothing = { currentPassword: '', newPassword: '', again: '' }
const shortest = 10

/** Changes one's own password; all one's other sessions end with it. */
export function PasswordForm() {
  const form = useForm(nothing)
  const [change, isBusy] = useMutate(SettingsChangePasswordDocument)
  const [attempts, setAttempts] = useState(0)
  const element = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (attempts > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [attempts])

  async function submit(event: FormEvent) {
    event.preventDefault()
    const { currentPassword, newPassword } = form.values
    const wrong = wrongIn(form.values)
    const outcome =
      wrong.length > 0
        ? { isGood: false as const, errors: wrong }
        : await change({ input: { currentPassword, newPassword } }, { isQuiet: true })
    if (outcome.isGood) {
      form.settle(nothing)
      toast.success('Your password is changed. You are signed out everywhere else.')
      return
    }
    form.setErrors(outcome.errors)
    setAttempts((count) => count + 1)
  }

  return (
    <form ref={element} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          {...form.text('currentPassword')}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${shortest} characters.`}
          {...form.text('newPassword')}
        />
        <TextField label="New password again" type="password" autoComplete="new-password" {...form.text('again')} />
      </div>
      <Refusals errors={form.others} />
      <div className="flex items-center gap-3">
        <Button type="submit" kind="primary" isBusy={isBusy} disabled={!form.isDirty}>
          Change password
        </Button>
        <p className="text-xs text-ink-faint">You stay signed in here, and are signed out everywhere else.</p>
      </div>
      <LeaveGuard isDirty={form.isDirty} />
    </form>
  )
}

function wrongIn({ currentPassword, newPassword, again }: typeof nothing) {
  return [
    ...(currentPassword === '' ? [refused('currentPassword', 'Say your current password.')] : []),
    ...(newPassword.length < shortest ? [refused('newPassword', `At least ${shortest} characters.`)] : []),
    ...(again !== newPassword ? [refused('again', 'The two are not the same.')] : []),
  ]
}
