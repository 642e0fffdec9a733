import type {
  InsightWebhook,
  InsightWebhookDelivery,
  Job,
  Model,
  Order,
  OrderItem,
  Shipment,
} from '../generated/prisma/client.ts'

// The parent of a field resolver is the database row.
export type CustomerModel = { id: string }
export type OrderModel = Order
export type OrderItemModel = OrderItem & { currencyCode: string }
export type ShipmentModel = Shipment
export type { ArchetypeOf as ArchetypeModel } from './profiles/insight.ts'
export type { Analyzed as AnalysisModel } from './profiles/analyze.ts'
export type ModelVersionModel = Omit<Model, 'body' | 'spread'>
export type JobModel = Job
export type InsightWebhookModel = InsightWebhook
export type InsightWebhookDeliveryModel = InsightWebhookDelivery
export type { TicketReference as TicketModel } from './triage/service.ts'
export type { Triage as TriageModel } from './triage/triage.ts'
export type { CustomerPage as InsightConnectionModel } from './analytics/query.ts'
export type { InsightChange as InsightChangeModel } from './live/changes.ts'
export type { ListedKey as ApiKeyModel } from './keys/list.ts'
export type { ListedRead as ApiKeyReadModel } from './keys/reads.ts'
