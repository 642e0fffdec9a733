import { useState, type FormEvent } from 'react'
import { sentence, type UserError } from '../../graph/errors.ts'
import { useGraph } from '../../graph/graph.tsx'
import { useMutate } from '../../graph/mutate.ts'
import { LogInDocument } from '../../session/generated/Session.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useRemembered } from './remembered.ts'

const fields = ['tenant', 'email', 'password'] as const

/** Business, e-mail and password; the first two are remembered here. */
export function LoginForm() {
  const { session } = useGraph()
  const [remembered, remember] = useRemembered()
  const [logIn, isBusy] = useMutate(LogInDocument)
  const [errors, setErrors] = useState<UserError[]>([])
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const input = inputOf(new FormData(form))
    setErrors([])
    const outcome = await logIn({ input }, { isQuiet: true })
    if (!outcome.isGood) {
      setErrors(outcome.errors)
      const password = form.elements.namedItem('password')
      if (password instanceof HTMLInputElement) password.select()
      return
    }
    const { accessToken, expiresAt } = outcome.payload
    if (!accessToken || !expiresAt) return
    const { tenant, email } = input
    remember({ tenant, email })
    session.set({ accessToken, expiresAt, tenant, email })
  }
  const isKnown = remembered.email !== ''
  return (
    <form
      className="flex flex-col gap-3.5 rounded-xl border border-line bg-surface p-5 shadow-sm"
      onSubmit={(event) => void submit(event)}
    >
      <TextField
        label="Business"
        name="tenant"
        required
        autoComplete="organization"
        autoCapitalize="none"
        spellCheck={false}
        defaultValue={remembered.tenant}
        autoFocus={!isKnown}
        className="min-h-10"
      />
      <TextField
        label="E-mail"
        name="email"
        type="email"
        required
        autoComplete="username"
        defaultValue={remembered.email}
        className="min-h-10"
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        required
        autoComplete="current-password"
        autoFocus={isKnown}
        className="min-h-10"
      />
      {errors.length > 0 && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
          {errors.map(told).join(' ')}
        </p>
      )}
      <Button kind="primary" type="submit" isBusy={isBusy} className="min-h-10">
        {isBusy ? 'Logging in…' : 'Log in'}
      </Button>
    </form>
  )
}

const inputOf = (form: FormData) => {
  const [tenant = '', email = '', password = ''] = fields.map((name) => String(form.get(name) ?? ''))
  return { tenant: tenant.trim(), email: email.trim(), password }
}

/** A wrong business, address and password are one answer, so that nobody learns which of them is right. */
function told(error: UserError): string {
  if (error.code === 'INVALID') return 'The business, the e-mail or the password is wrong.'
  if (error.code === 'LIMIT_EXCEEDED') return minutes(error.message)
  return sentence(error)
}

/** The server counts in seconds; a person waits in minutes. */
function minutes(message: string): string {
  const seconds = Number(/(\d+) seconds/.exec(message)?.[1])
  if (!(seconds > 90)) return message
  const at = new Date(Date.now() + seconds * 1_000).toLocaleTimeString([], { timeStyle: 'short' })
  return `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes, at ${at}.`
}
