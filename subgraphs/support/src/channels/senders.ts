import type { Viewer } from '@quimbi/service/viewer.ts'
import { createCustomer } from '../customers/service.ts'
import type { Db } from '../database.ts'
import { isMailAddress } from './addresses.ts'
import { printableLine } from './plain.ts'

/** Who wrote, as the channel tells: by e-mail address, by telephone number, or by an id of its own (`source` names the channel). */
export type Sender = { kind: 'email' | 'phone' | 'ref'; value: string; name: string; source?: string }

/** Reads what a provider gives as the sender. */
export function senderOf(from: string, channel: string, name?: string): Sender {
  const value = printableLine(from, 200)
  const known = printableLine(name ?? '', 200) || value
  if (isMailAddress(value)) return { kind: 'email', value: value.toLowerCase(), name: known }
  const phone = value.replace(/[\s().-]/g, '')
  if (/^\+?\d{5,20}$/.test(phone) && channel !== 'CHAT') return { kind: 'phone', value: phone, name: known }
  return { kind: 'ref', value, name: known, source: channel.toLowerCase() }
}

/** The customer who is known by it; of several the oldest record. */
export async function findCustomer(tx: Db, tenantId: string, sender: Sender): Promise<{ id: string } | null> {
  const { kind, value, source = '' } = sender
  if (kind === 'ref') {
    const ref = await tx.customerRef.findFirst({ where: { tenantId, source, externalId: value } })
    return ref && { id: ref.customerId }
  }
  const where = { tenantId, ...(kind === 'email' ? { email: value } : { phone: value }), erasedAt: null }
  return tx.customer.findFirst({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], select: { id: true } })
}

/** Adds the sender as a customer. */
export async function madeCustomer(tx: Db, viewer: Viewer, sender: Sender, now: Date): Promise<string> {
  const { kind, value, name, source = '' } = sender
  const customer = await createCustomer(
    tx,
    viewer,
    {
      // An address may be longer than a name.
      name: printableLine(name, 200),
      ...(kind === 'email' && { email: value }),
      ...(kind === 'phone' && { phone: value }),
      ...(kind === 'ref' && { externalRefs: [{ source, id: value }] }),
    },
    now,
  )
  return customer.id
}

/** More messages than these from one sender in ten minutes are a loop or an attack: they open no more tickets. */
const floodLimit = 10
const floodMs = 600_000

export async function isFlooding(
  tx: Db,
  tenantId: string,
  sender: Sender,
  customerId: string | null,
  now: Date,
): Promise<boolean> {
  const by = [
    ...(sender.kind === 'email' ? [{ authorEmail: sender.value }] : []),
    ...(customerId === null ? [] : [{ ticket: { customerId } }]),
  ]
  if (by.length === 0) return false
  const since = new Date(now.getTime() - floodMs)
  const where = { tenantId, fromAgent: false, createdAt: { gt: since }, OR: by }
  return (await tx.message.count({ where, take: floodLimit })) >= floodLimit
}
