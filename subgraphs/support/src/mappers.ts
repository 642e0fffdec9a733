import type { UserError } from '@quimbi/service/errors.ts'
import type {
  ActionItem,
  Agent,
  Assignment,
  Attachment,
  AuditEntry,
  AutomationRule,
  Decision,
  Message,
  Note,
  Notification,
  Policy,
  Queue,
  Team,
  Tenant,
  Ticket,
  TopicAlert,
  WebhookDelivery,
  WebhookEndpoint,
} from '../generated/prisma/client.ts'
import type { GatheredContext } from './context/gather.ts'
import type { CustomerRow } from './customers/service.ts'
import type { RefusedReply } from './messages/missed.ts'
import type { NotificationPage } from './notifications/service.ts'
import type { Present } from './presence/store.ts'
import type { TicketEntry } from './log/entries.ts'
import type { InboxPage } from './scoring/inbox.ts'
import type { CalendarVersion, SlaPolicyVersion } from './sla/clock.ts'
import type { TicketClock } from './sla/read.ts'
import type { TicketEscalation } from './tickets/escalate.ts'
import type { TicketPage } from './tickets/service.ts'
import type { TicketTag } from './tickets/tags.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'

// The parent of a field resolver is the database row.
export type AgentModel = Agent
export type CustomerModel = CustomerRow
export type MessageModel = Message
export type NoteModel = Note
export type NotificationModel = Notification
export type NotificationConnectionModel = NotificationPage
export type WebhookEndpointModel = WebhookEndpoint
export type WebhookDeliveryModel = WebhookDelivery
export type AttachmentModel = Attachment
export type TenantModel = Tenant
export type TenantSettingsModel = Tenant
export type TeamModel = Team
export type AssignmentModel = Assignment
export type PolicyModel = Policy
export type TicketModel = Ticket
export type PresenceModel = Present
export type TicketEventModel = TicketEntry
export type AuditEntryModel = AuditEntry
export type ViewerModel = Viewer
export type TopicAlertModel = TopicAlert
export type InboxConnectionModel = InboxPage
export type TicketConnectionModel = TicketPage
export type TagModel = TicketTag
export type EscalationModel = TicketEscalation
export type ActionItemModel = ActionItem
export type QueueModel = Queue
export type AutomationRuleModel = AutomationRule
export type DecisionModel = Decision
export type ConversationContextModel = GatheredContext
export type SlaPolicyModel = SlaPolicyVersion
export type SlaClockModel = TicketClock
export type SlaIntervalModel = TicketClock['intervals'][number]
export type BusinessCalendarModel = CalendarVersion

type Payload = { userErrors: UserError[]; eventId?: string | null | undefined }
/** What a mutation answers: `asOf` follows from the last event that it wrote. */
export type TicketPayloadModel = Payload & { ticket?: Ticket | null | undefined }
export type DeletePayloadModel = Payload & { deletedId?: string | null | undefined }
export type MessagePayloadModel = Payload & { message?: Message | null | undefined; refused?: RefusedReply | undefined }
export type NotePayloadModel = Payload & { note?: Note | null | undefined }
export type UploadPayloadModel = Payload & { attachment?: Attachment | null | undefined }
