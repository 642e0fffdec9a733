import { z } from 'zod'
import { channels } from '../situation.ts'

/** What is read of a conversation: of what is longer the newest turns, and of each what people write on some pages. */
const mostTurns = 100
const mostOfOne = 10_000
const mostInAll = 20_000
const mostOthers = 100

/** What PostgreSQL cannot keep in JSON is no text; what is longer is cut. */
const words = (max: number) =>
  z.string().transform((text) => text.replaceAll('\u0000', '').slice(0, max).toWellFormed())
function newest<T extends { content: string }>(turns: readonly T[]): T[] {
  let characters = 0
  const isRead = ({ content }: T, back: number) => back === 0 || (characters += content.length) <= mostInAll
  const older = turns.slice(-mostTurns).reverse()
  const end = older.findIndex((turn, back) => !isRead(turn, back))
  return older.slice(0, end < 0 ? older.length : end).reverse()
}
const share = z.number().min(0).max(1)
const decimal = z.string().regex(/^\d{1,16}(\.\d{1,4})?$/)

const turn = z.object({ fromAgent: z.boolean(), content: words(mostOfOne), createdAt: z.coerce.date() })

const conversation = {
  subject: words(1_000),
  channel: z.enum(channels),
  turns: z.array(turn).transform(newest),
}

const policyKinds = ['REFUND', 'RETURN', 'SHIPPING', 'COMPENSATION', 'DISCOUNT', 'TONE', 'OTHER'] as const

/** The part of it that says what a conversation is about. Dates come as text, past the scalars. */
export const conversationSchema = z.object(conversation)
export type ToldConversation = z.output<typeof conversationSchema>

/** Support's ConversationContext, as it comes over the federation door, out of a job, or back from where it was kept. */
export const toldSchema = z.object({
  ...conversation,
  turns: z.array(turn.extend({ messageId: words(200) })).transform(newest),
  priority: z.enum(['URGENT', 'HIGH', 'NORMAL', 'LOW']),
  sentiment: share.nullish().default(null),
  customerName: words(200)
    .nullish()
    .transform((name) => name || null),
  isVip: z.boolean(),
  locale: words(50).nullish().default(null),
  agentName: words(200).nullish().default(null),
  brand: words(200),
  signature: words(1_000).nullish().default(null),
  revision: words(200),
  pastTickets: z
    .array(
      z.object({
        id: words(200),
        subject: words(1_000),
        category: words(200).nullish().default(null),
        resolution: words(2_000).nullish().default(null),
        satisfaction: z.number().min(1).max(5).nullish().default(null),
        closedAt: z.coerce.date().nullish().default(null),
      }),
    )
    .max(mostOthers),
  policies: z
    .array(
      z.object({
        id: words(200),
        kind: z.enum(policyKinds),
        text: words(5_000),
        maxCompensation: decimal.nullish().default(null),
        maxDiscountPercent: z.number().min(0).max(100).nullish().default(null),
      }),
    )
    .max(1_000),
})
export type Told = z.output<typeof toldSchema>

/** Whether the customer said anything that could be answered. */
export const hasSaid = ({ turns }: Pick<ToldConversation, 'turns'>): boolean =>
  turns.some(({ fromAgent, content }) => !fromAgent && content.trim() !== '')
