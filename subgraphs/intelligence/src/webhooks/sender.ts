import { createSender, type SenderOptions } from '@quimbi/webhooks/sender.ts'
import type { IntelligenceDatabase } from '../database.ts'
import { insightQueue } from './queue.ts'

export type InsightSenderOptions = SenderOptions & { database: IntelligenceDatabase }

/** Sends what waits, one at a time for a webhook: in the order in which it happened. */
export const createInsightSender = ({ database, ...options }: InsightSenderOptions) =>
  createSender('insight-webhook-sender', insightQueue(database), { ...options, perEndpoint: 1 })
