import { codedError } from '@quimbi/service/errors.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { SupportDatabase } from '../database.ts'
import { permissionsOfRole } from './permissions.ts'

type Pool = SupportDatabase['systemPool']

/** A session as it is now. `overseer`: may see every ticket. */
export type SessionState = { open: true; role: AgentRole; overseer: boolean } | { open: false }

const mostSessions = 20_000
const question = z.array(z.object({ tenantId: z.guid(), sessionId: z.guid() })).max(mostSessions)

/** Whose session it was, is in its access token: only whether it stands, and for which role, is asked of all tenants at once. */
const selectOpen = `
  SELECT s.id, a.role FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant_id, id)
    JOIN agent_session s ON s.tenant_id = asked.tenant_id AND s.id = asked.id
    JOIN agent a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id
  WHERE s.revoked_at IS NULL AND a.is_active`

/** In the order in which they were asked for. */
export async function sessionStates(
  pool: Pool,
  asked: readonly z.output<typeof question>[number][],
): Promise<SessionState[]> {
  const parameters = [asked.map(({ tenantId }) => tenantId), asked.map(({ sessionId }) => sessionId)]
  const { rows } = await pool.query<{ id: string; role: AgentRole }>(selectOpen, parameters)
  const roles = new Map(rows.map(({ id, role }) => [id, role]))
  return asked.map(({ sessionId }) => {
    const role = roles.get(sessionId.toLowerCase())
    return role ? { open: true, role, overseer: permissionsOfRole(role).has('ticket:read_all') } : { open: false }
  })
}

/** `POST /internal/sessions` tells the gateway, and nobody else, which sessions stand. */
export const sessionsDoor =
  (pool: Pool): FastifyPluginAsync =>
  async (app) =>
    void app.post('/internal/sessions', { bodyLimit: 4 * 1024 * 1024 }, async ({ caller, body }) => {
      if (caller !== 'gateway') throw codedError('FORBIDDEN', 'Sessions are told to the gateway')
      const { success, data } = question.safeParse(body)
      if (!success) throw codedError('BAD_USER_INPUT', 'The question is not valid')
      return sessionStates(pool, data)
    })
