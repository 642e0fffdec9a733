import type { SupportDatabase } from '@quimbi/support/database.ts'
import { createTenant } from '@quimbi/support/tenants/service.ts'

/** A tenant as transfers need it. */
export type TransferTenant = { id: string; slug: string; currencyCode: string }

export type NewTransferTenant = {
  name?: string | undefined
  currencyCode?: string | undefined
  timeZone?: string | undefined
}

/** The tenant of a short name; with `create`, made where it is missing. @throws Error that lists the short names there are */
export async function findTenant(
  support: SupportDatabase,
  slug: string,
  create: NewTransferTenant | null,
): Promise<TransferTenant> {
  const known = await support.system.tenant.findFirst({ where: { slug } })
  if (known) return known
  if (!create) {
    const all = await support.system.tenant.findMany({ select: { slug: true }, orderBy: { slug: 'asc' }, take: 50 })
    const list = all.length === 0 ? 'There is none yet.' : `There are: ${all.map((tenant) => tenant.slug).join(', ')}.`
    throw new Error(`There is no tenant "${slug}". ${list} An import makes it with --create-tenant.`)
  }
  const { name = slug, currencyCode, timeZone = 'UTC' } = create
  if (!currencyCode) throw new Error('A new tenant needs --currency CODE, the currency of all its amounts.')
  return support.system.$transaction((tx) => createTenant(tx, { slug, name, currencyCode, timeZone }, new Date()))
}
