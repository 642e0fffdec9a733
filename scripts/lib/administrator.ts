import { randomBytes } from 'node:crypto'
import { createAgent } from '@quimbi/support/agents/service.ts'
import type { SupportDatabase } from '@quimbi/support/database.ts'
import { z } from 'zod'

/** Adds an administrator with a password of our making, told once. @throws Error when the address is none or taken */
export async function addAdministrator(
  support: SupportDatabase,
  tenant: { id: string },
  address: string,
  now: Date,
): Promise<{ email: string; password: string }> {
  const email = address.toLowerCase()
  if (!z.email().safeParse(email).success) throw new Error(`"${address}" is no e-mail address.`)
  const password = randomBytes(15).toString('base64url')
  const viewer = { kind: 'service', service: 'support', tenantId: tenant.id } as const
  const agent = { name: email.split('@')[0] ?? email, email, password, role: 'ADMIN' } as const
  await support.transact(tenant.id, (tx) => createAgent(tx, viewer, agent, now))
  return { email, password }
}
