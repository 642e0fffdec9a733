/** What Prisma says of a failed statement, in the shape that its driver adapters give; or what the driver itself says. */
type Failure = {
  code?: unknown
  constraint?: string
  meta?: { driverAdapterError?: { cause?: { kind?: string; constraint?: { index?: string; fields?: string[] } } } }
}

const causeOf = (error: unknown) => (error as Failure | null)?.meta?.driverAdapterError?.cause

/** The unique constraint or its columns (`tenant_id,email`) that a write violated; null if it failed for another reason. */
export function violatedUnique(error: unknown): string | null {
  if ((error as Failure).code === '23505') return (error as Failure).constraint ?? ''
  const cause = causeOf(error)
  if ((error as Failure).code !== 'P2002' && cause?.kind !== 'UniqueConstraintViolation') return null
  return cause?.constraint?.index ?? cause?.constraint?.fields?.join(',') ?? ''
}

/** Thrown inside a transaction that met a concurrent one and would succeed if it were run again. */
export class RetryTransaction extends Error {}

// Prisma's own word; then PostgreSQL's: a serialisation failure, a deadlock, a foreign key to a row that is gone.
const retryable = new Set(['P2034', '40001', '40P01', '23503'])

/** Whether running the same transaction again may succeed: a deadlock, a row that moved away, or said so. */
export function isRetryable(error: unknown): boolean {
  const { code } = error as Failure
  if (error instanceof RetryTransaction || (typeof code === 'string' && retryable.has(code))) return true
  const kind = causeOf(error)?.kind
  return kind === 'TransactionWriteConflict' || kind === 'ForeignKeyConstraintViolation'
}
