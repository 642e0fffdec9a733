import { hash } from 'node:crypto'

/**
 * Whether a customer is one of the `share`, 0 to 1, whose insight a challenger computes: by SHA-256 of the id, so always the same customers,
 * on every machine; a larger share adds some to them.
 */
export const isChallenged = (customerId: string, share: number): boolean =>
  share > 0 && hash('sha256', customerId.toLowerCase(), 'buffer').readUInt32BE(0) < share * 2 ** 32
