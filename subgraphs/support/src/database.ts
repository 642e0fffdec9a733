import { openDatabase, type Database, type DatabaseOptions } from '@quimbi/database/open.ts'
import type { Deferring } from '@quimbi/database/transaction.ts'
import { PrismaClient, type Prisma } from '../generated/prisma/client.ts'

/** A transaction, or a tenant's view of the database: what every service function takes first. */
export type Db = Prisma.TransactionClient & Partial<Deferring>

export type SupportDatabase = Database<PrismaClient, Db>

/** Opens the Support database. */
export const openSupportDatabase = (options: DatabaseOptions): Promise<SupportDatabase> =>
  openDatabase<Db, PrismaClient>((adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }), options)
