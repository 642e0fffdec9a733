import type { GraphQLSchema } from 'graphql'
import type { Change } from '../changes.ts'

/** What the chapters of the guide are written from. */
export type GuideFacts = {
  /** Where partners reach the door: `https://api.example.com`. */
  origin: string
  schema: GraphQLSchema
  /** Points that one document may cost, and points a minute for each request a minute. */
  limits: { maxCost: number; pointsPerRequest: number }
  changes: readonly Change[]
}

/** Grouped by thousands, as English writes it. */
export const figure = (count: number): string => count.toLocaleString('en-US')

/** Requests a minute of a key that was made without saying how many. */
export const usualRequestsPerMinute = 1_000
