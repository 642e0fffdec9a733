import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { createFileStore } from '../attachments/store.ts'
import type { Context } from '../context.ts'
import type { SupportDoors } from '../settings.ts'
import { eraseCustomer } from './erase.ts'
import { exportCustomerData } from './export.ts'
import { mergeCustomers } from './merge.ts'
import type { PersonSource } from './person.ts'

type Doors = SupportDoors & { person?: PersonSource | undefined }

/** The composition root's own options come in whole with a login's. */
const doorsOf = ({ login }: Pick<Context, 'login'>) => login as Context['login'] & Doors

export const resolvers = {
  Mutation: {
    eraseCustomer: (_, { input }, context) =>
      payload(() => {
        const { viewer, transact, clock } = context
        const { settings } = doorsOf(context)
        const bytes = { store: createFileStore(settings), filesDir: settings.filesDir }
        return transact((tx) => eraseCustomer(tx, viewer, input, clock.now(), bytes))
      }),
    mergeCustomers: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ customer: await transact((tx) => mergeCustomers(tx, viewer, input, clock.now())) })),
    exportCustomerData: (_, { input }, context) =>
      payload(() => {
        const { viewer, db, transact, clock } = context
        const { links, settings, person, clock: realClock } = doorsOf(context)
        const { publicUrl } = settings
        return exportCustomerData(viewer, input, { db, transact, clock, realClock, links, publicUrl, person })
      }),
  },
} satisfies Pick<Resolvers, 'Mutation'>
