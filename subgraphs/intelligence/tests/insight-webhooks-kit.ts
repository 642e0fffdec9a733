import { newId } from '@quimbi/database/ids.ts'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import type { ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { Registry } from 'prom-client'
import { expect, onTestFinished } from 'vitest'
import { createApiKey, type NewApiKey } from '../src/keys/service.ts'
import { createInsightFollower } from '../src/webhooks/follower.ts'
import { createInsightSender, type InsightSenderOptions } from '../src/webhooks/sender.ts'
import { openWorld, refusals, startOfTime, type World } from './kit.ts'
import { tellMoves } from './live-kit.ts'
import { openReceiver, type Got } from './receiver-kit.ts'
import type { Move } from '../src/profiles/moves.ts'

export const save = /* GraphQL */ `
  mutation ($input: SaveInsightWebhookInput!) {
    saved: saveInsightWebhook(input: $input) {
      webhook {
        id
        secretHint
      }
      secret
      userErrors {
        code
        path
      }
    }
  }
`
export const remove = /* GraphQL */ `
  mutation ($input: DeleteInsightWebhookInput!) {
    saved: deleteInsightWebhook(input: $input) {
      webhook {
        id
        secretHint
      }
      secret
      userErrors {
        code
        path
      }
    }
  }
`
export const list = /* GraphQL */ `
  query ($first: Int, $after: String) {
    insightWebhooks {
      id
      url
      metrics
      minChange
      isActive
      failingSince
      disabledReason
      deliveries(first: $first, after: $after) {
        nodes {
          id
          customerId
          attempt
          statusCode
          error
          nextAttemptAt
          deliveredAt
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`
type Payload = {
  saved: {
    webhook: { id: string; secretHint: string } | null
    secret: string | null
    userErrors: Parameters<typeof refusals>[0]
  }
}
export type Listed = {
  id: string
  deliveries: { nodes: { id: string; attempt: number }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
} & Record<string, unknown>

export type Hooks = Awaited<ReturnType<typeof openHooks>>

/** A tenant with a receiver of its own; what is asked is asked as a manager unless said otherwise. */
export async function openHooks(world: World, as?: Partial<Facts>) {
  const tenantId = newId()
  const receiver = await openReceiver()
  const manager = as ?? (await world.agent(tenantId))
  async function change(mutation: string, input: object, facts = manager) {
    const { data, codes } = await world.ask<Payload>(mutation, { input }, facts)
    expect(codes).toEqual([])
    const { webhook, secret, userErrors } = data?.saved ?? { webhook: null, secret: null, userErrors: [] }
    return { id: webhook?.id ?? '', secret: secret ?? '', hint: webhook?.secretHint, refused: refusals(userErrors) }
  }
  return {
    tenantId,
    receiver,
    manager,
    save: (input: object = {}, facts = manager) =>
      change(save, { url: receiver.url, metrics: ['CHURN_RISK', 'LTV_12M', 'ENGAGEMENT'], ...input }, facts),
    remove: (id: string, facts = manager) => change(remove, { id }, facts),
    async list(facts = manager, page: object = {}): Promise<Listed[]> {
      const { data, codes } = await world.ask<{ insightWebhooks: Listed[] }>(list, { ...page }, facts)
      expect(codes).toEqual([])
      return data?.insightWebhooks ?? []
    },
    /** Somebody of whom the tenant knows. */
    async aCustomer(): Promise<string> {
      const id = newId()
      const sql = `INSERT INTO customer (tenant_id, id, created_at) VALUES ($1, $2, $3)`
      await world.rows(sql, tenantId, id, startOfTime)
      return id
    },
    /** Says what moved, and lets the webhooks do what there is to do. */
    async happen(customerId: string, ...moves: Move[]): Promise<void> {
      await tellMoves(world, tenantId, customerId, ...moves)
      await world.module.settle()
    },
    tell: (customerId: string, ...moves: Move[]) => tellMoves(world, tenantId, customerId, ...moves),
    deliveries: () =>
      world.rows<Record<string, unknown>>(
        `SELECT attempt, status_code AS "statusCode", last_error AS "error", next_attempt_at IS NOT NULL AS pending,
           delivered_at IS NOT NULL AS arrived FROM insight_webhook_delivery WHERE tenant_id = $1 ORDER BY place, id`,
        tenantId,
      ),
    async close(): Promise<void> {
      await world.rows('DELETE FROM insight_webhook WHERE tenant_id = $1', tenantId)
      await receiver.close()
    },
  }
}

/** By the real time: the library that checks signatures compares with it. */
export async function openHookWorld(): Promise<World> {
  const world = await openWorld({ webhooksToLoopback: true })
  world.clock.set(new Date())
  return world
}

export async function aKey(world: World, tenantId: string, input: Partial<NewApiKey> = {}) {
  const viewer = {
    ...({ kind: 'agent', role: 'MANAGER', tenantId, agentId: newId(), sessionId: newId() } as const),
    expiresAt: new Date(8.64e15),
  }
  const wanted = { name: 'Partner', scopes: ['insight:read'], ...input }
  const { id, key } = await world.database.transact(tenantId, (tx) =>
    createApiKey(tx, viewer, wanted, world.clock.now()),
  )
  return { id, apiKey: key }
}

export const verify = ({ body, headers }: Got, secret: string) => new Webhook(secret).verify(body, headers) as Told
export type Told = {
  type: string
  timestamp: string
  data: { customerId: string; metric: string; from: number | null; to: number | null; cursor: string; at: string }
}
export const toldBy = (got: readonly Got[]) => got.map(({ body }) => (JSON.parse(body) as Told).data)
export const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end()

const log = createLogger({ service: 'intelligence', level: 'silent' })

/** Sends as another process; to be called within a test. */
export function aSender({ database, clock }: World, options: Partial<InsightSenderOptions> = {}) {
  const sender = createInsightSender({ database, clock, log, toLoopback: true, ...options })
  onTestFinished(() => sender.stop())
  return sender
}

/** Follows as another process. */
export function aFollower({ database, clock }: World) {
  const metrics = createMetrics('intelligence', new Registry())
  const follower = createInsightFollower({ database, bus: createMemoryBus(log), log, clock, metrics })
  onTestFinished(() => follower.stop())
  return { drain: async () => follower.drain?.() }
}
