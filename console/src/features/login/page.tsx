import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import { sentence, type UserError } from '../../graph/errors.ts'
import { useMutate } from '../../graph/mutate.ts'
import { LogInDocument } from '../../session/generated/Session.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useTitle } from '../../ui/page.tsx'

export function LoginPage() {
  useTitle('Log in')
  const { session, apollo } = useGraph()
  const { from = '/inbox' } = useSearch({ from: '/login' })
  const navigate = useNavigate()
  const [logIn, isBusy] = useMutate(LogInDocument)
  const [errors, setErrors] = useState<UserError[]>([])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [tenant, email, password] = ['tenant', 'email', 'password'].map((name) => String(form.get(name) ?? '')) as [
      string,
      string,
      string,
    ]
    const outcome = await logIn({ input: { tenant, email, password } }, { isQuiet: true })
    if (!outcome.isGood) return setErrors(outcome.errors)
    const { accessToken, expiresAt } = outcome.payload
    if (!accessToken || !expiresAt) return
    // Nothing of who was here before may be seen.
    await apollo.clearStore()
    session.set({ accessToken, expiresAt, tenant, email })
    await navigate({ href: from, replace: true })
  }

  return (
    <main className="mx-auto flex h-full max-w-sm flex-col justify-center gap-4 p-6">
      <h1 className="text-2xl font-semibold">Quimbi</h1>
      <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
        <TextField label="Business" name="tenant" required autoComplete="organization" />
        <TextField label="E-mail" name="email" type="email" required autoComplete="username" />
        <TextField label="Password" name="password" type="password" required autoComplete="current-password" />
        {errors.length > 0 && <p role="alert">{errors.map(sentence).join(' ')}</p>}
        <Button kind="primary" type="submit" isBusy={isBusy}>
          Log in
        </Button>
      </form>
    </main>
  )
}
