/** What the events need of a Prisma client or of its transaction. */
export type Transaction = {
  $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number>
  $queryRawUnsafe<T>(sql: string, ...values: unknown[]): PromiseLike<T>
}

/** What the receiver needs of a Prisma client. */
export type TransactionalDatabase<Tx extends Transaction> = {
  $transaction<R>(run: (tx: Tx) => Promise<R>, options?: { maxWait?: number; timeout?: number }): PromiseLike<R>
}
