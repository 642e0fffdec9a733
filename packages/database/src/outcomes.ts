/** What Prisma says of a failed statement, in the shape that its driver adapters give. */
type Failure = {
  code?: unknown
  meta?: { driverAdapterError?: { cause?: { kind?: string; constraint?: { index?: string; fields?: string[] } } } }
}

const causeOf = (error: unknown) => (error as Failure | null)?.meta?.driverAdapterError?.cause

/** The unique constraint or its columns (`tenant_id,email`) that a write violated; null if it failed for another reason. */
export function violatedUnique(error: unknown): string | null {
  const cause = causeOf(error)
  if ((error as Failure).code !== 'P2002' && cause?.kind !== 'UniqueConstraintViolation') return null
  return cause?.constraint?.index ?? cause?.constraint?.fields?.join(',') ?? ''
}

/** Thrown inside a transaction that met a concurrent one and would succeed if it were run again. */
export class RetryTransaction extends Error {}

/** Whether running the same transaction again may succeed: a deadlock, a row that moved away, or said so. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof RetryTransaction || (error as Failure).code === 'P2034') return true
  const kind = causeOf(error)?.kind
  return kind === 'TransactionWriteConflict' || kind === 'ForeignKeyConstraintViolation'
}
