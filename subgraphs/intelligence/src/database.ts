import { openDatabase, type Database, type DatabaseOptions } from '@quimbi/database/open.ts'
import { PrismaClient, type Prisma } from '../generated/prisma/client.ts'
import { announcing, type Announcing } from './profiles/revised.ts'

/** A transaction, or a tenant's view of the database: what every service function takes first. */
export type Db = Prisma.TransactionClient

export type IntelligenceDatabase = Database<PrismaClient, Db> & Announcing

/** Opens the Intelligence database. */
export const openIntelligenceDatabase = async (options: DatabaseOptions): Promise<IntelligenceDatabase> =>
  announcing(
    await openDatabase<Db, PrismaClient>((adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }), options),
  )
