import { useState, type FormEvent } from 'react'
import { useMutate } from '../../graph/mutate.ts'
import type { UserError } from '../../graph/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckField, errorAt, TextField } from '../../ui/field.tsx'
import type { CustomerFactsFragment } from './generated/Facts.ts'
import { CustomerUpdateDocument } from './generated/Manage.ts'

/** Changes what Support keeps of a person. */
export function EditCustomer({ customer, onClose }: { customer: CustomerFactsFragment; onClose: () => void }) {
  const [run, isRunning] = useMutate(CustomerUpdateDocument)
  const [errors, setErrors] = useState<UserError[]>([])
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const outcome = await run(
      { input: { id: customer.id, ...changesOf(new FormData(event.currentTarget)) } },
      { isQuiet: true },
    )
    if (outcome.isGood) onClose()
    else setErrors(outcome.errors)
  }
  const unplaced = errors.filter(({ path }) => !fields.includes(path?.at(-1) ?? ''))
  return (
    <Dialog isOpen onClose={onClose} title="Edit customer">
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        <TextField
          label="Name"
          name="name"
          required
          maxLength={200}
          defaultValue={customer.name}
          error={errorAt(errors, 'name')}
        />
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="E-mail"
            name="email"
            type="email"
            defaultValue={customer.email ?? ''}
            error={errorAt(errors, 'email')}
          />
          <TextField
            label="Phone"
            name="phone"
            type="tel"
            maxLength={50}
            defaultValue={customer.phone ?? ''}
            error={errorAt(errors, 'phone')}
          />
          <TextField
            label="Language"
            name="locale"
            maxLength={35}
            hint="Such as en or de-CH"
            defaultValue={customer.locale ?? ''}
            error={errorAt(errors, 'locale')}
          />
          <TextField
            label="Time zone"
            name="timeZone"
            list="customer-time-zones"
            hint="Such as Europe/Berlin"
            defaultValue={customer.timeZone ?? ''}
            error={errorAt(errors, 'timeZone')}
          />
          <datalist id="customer-time-zones">
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
        <TextField
          label="Labels"
          name="tags"
          hint="Separated by commas"
          defaultValue={customer.tags.join(', ')}
          error={errorAt(errors, 'tags')}
        />
        <CheckField label="VIP" name="isVip" defaultChecked={customer.isVip} hint="Their tickets stand further up" />
        {unplaced.length > 0 && (
          <p role="alert" className="text-sm text-bad">
            {unplaced.map(({ message }) => message).join(' ')}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={isRunning}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

const fields = ['name', 'email', 'phone', 'locale', 'timeZone', 'tags']

function changesOf(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const optional = (name: string) => text(name) || null
  return {
    name: text('name'),
    email: optional('email'),
    phone: optional('phone'),
    locale: optional('locale'),
    timeZone: optional('timeZone'),
    tags: [
      ...new Set(
        text('tags')
          .split(',')
          .map((tag) => tag.trim())
          .filter(Boolean),
      ),
    ],
    isVip: form.get('isVip') === 'on',
  }
}
