import { expect } from 'vitest'
import type { Ask } from './kit.ts'

const save = `mutation ($input: SaveTopicAlertInput!) { saveTopicAlert(input: $input) {
  topicAlert { id keywords scope expiresAt matching createdBy { id } } userErrors { code path message } } }`
type Saved = {
  saveTopicAlert: {
    topicAlert: { id: string; keywords: string[]; scope: string; expiresAt: string | null; matching: number } | null
    userErrors: object[]
  }
}
export const remove =
  'mutation ($id: ID!) { deleteTopicAlert(input: { id: $id }) { deletedId userErrors { code path message } } }'
export const inbox = `query ($topicAlerts: [String!], $first: Int, $after: String, $filter: TicketFilter) {
  inbox(topicAlerts: $topicAlerts, first: $first, after: $after, filter: $filter) {
    nodes { id matchesTopicAlert smartScore { total } } pageInfo { hasNextPage endCursor } totalCount matchCount topicAlertsActive asOf
  }
}`
export type Inbox = {
  inbox: {
    nodes: { id: string; matchesTopicAlert: boolean; smartScore: { total: number } }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
    totalCount: number
    matchCount: number
    topicAlertsActive: string[]
    asOf: string
  }
}
export const day = 86_400_000

export async function saved(ask: Ask, input: object) {
  const { data, errors } = await ask<Saved>(save, { input })
  expect(errors).toEqual([])
  return data!.saveTopicAlert
}

export const ids = (answer: { data: Inbox | null; errors: readonly object[] }): string[] => {
  expect(answer.errors).toEqual([])
  return answer.data!.inbox.nodes.map(({ id }) => id)
}
