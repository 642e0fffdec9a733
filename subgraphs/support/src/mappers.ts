import type { Agent, Message, Tenant, Ticket } from '../generated/prisma/client.ts'
import type { CustomerRow } from './customers/service.ts'
import type { InboxPage } from './tickets/service.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'

// The parent of a field resolver is the database row.
export type AgentModel = Agent
export type CustomerModel = CustomerRow
export type MessageModel = Message
export type TenantModel = Tenant
export type TicketModel = Ticket
export type ViewerModel = Viewer
export type InboxConnectionModel = InboxPage
