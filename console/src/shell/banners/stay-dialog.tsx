import { useState, type FormEvent } from 'react'
import { sentence, type UserError } from '../../graph/errors.ts'
import { useGraph } from '../../graph/graph.tsx'
import { useMutate } from '../../graph/mutate.ts'
import { LogInDocument } from '../../session/generated/Session.ts'
import type { Login } from '../../session/store.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'

/** The password once more, and one stays where one is. */
export function StayDialog({ login, onClose }: { login: Login; onClose: () => void }) {
  const { session } = useGraph()
  const [logIn, isBusy] = useMutate(LogInDocument)
  const [errors, setErrors] = useState<UserError[]>([])
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password') ?? '')
    const { tenant, email } = login
    const outcome = await logIn({ input: { tenant, email, password } }, { isQuiet: true })
    if (!outcome.isGood) return setErrors(outcome.errors)
    const { accessToken, expiresAt } = outcome.payload
    if (accessToken && expiresAt) session.set({ ...login, accessToken, expiresAt })
    onClose()
  }
  return (
    <Dialog isOpen onClose={onClose} title="Stay logged in" description={`As ${login.email}, for another day.`}>
      <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
        <TextField
          label="Password"
          name="password"
          type="password"
          required
          autoComplete="current-password"
          error={errors.length > 0 ? errors.map(sentence).join(' ') : undefined}
        />
        <Button kind="primary" type="submit" isBusy={isBusy} className="self-end">
          Stay logged in
        </Button>
      </form>
    </Dialog>
  )
}
