import { refuse } from '@quimbi/service/errors.ts'

type Reachable = { id: string; email: string | null; phone: string | null }

/** Where a channel reaches a customer; INVALID where nothing is known. Pure. */
export function recipientOf(channel: string, { id, email, phone }: Reachable): string {
  const path = ['input', 'ticketId']
  switch (channel) {
    case 'EMAIL':
    case 'FORM':
      return email ?? refuse('INVALID', 'The customer has no e-mail address.', path)
    case 'SMS':
      return phone ?? refuse('INVALID', 'The customer has no phone number.', path)
    case 'PHONE':
      return phone ?? id
    default:
      return id
  }
}
