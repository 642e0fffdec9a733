import { openDatabase, type Database, type DatabaseOptions } from '@quimbi/database/open.ts'
import { PrismaClient, type Prisma } from '../generated/prisma/client.ts'

/** A transaction, or a tenant's view of the database: what every service function takes first. */
export type Db = Prisma.TransactionClient

export type IntelligenceDatabase = Database<PrismaClient, Db>

/** Opens the Intelligence database. */
export const openIntelligenceDatabase = (options: DatabaseOptions): Promise<IntelligenceDatabase> =>
  openDatabase<Db, PrismaClient>((adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }), options)
