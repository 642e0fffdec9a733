// The splits that every figure of churn and lifetime value is measured on, so that they can be compared.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CustomerHistory } from '@quimbi/intelligence/features/history.ts'
import { readOrdersFile } from '@quimbi/intelligence/features/orders-file.ts'
import { buildTrainingSet, type TrainingSet } from '@quimbi/intelligence/features/training-set.ts'
import { root } from '../../scripts/lib/root.ts'

export const protocolNames = ['p1', 't', 'or'] as const
export type ProtocolName = (typeof protocolNames)[number]

/** `train` ends before `test` begins to be labelled, except for p1, which splits the customers instead. */
export type Protocol = { name: ProtocolName; horizonDays: number; train: TrainingSet; test: TrainingSet }

const dayMs = 86_400_000
const instant = (day: string) => Date.parse(`${day}T00:00Z`)

/** `count` instants two weeks apart, the last one on `day`; newest first. */
const rolling = (day: string, count = 6) => Array.from({ length: count }, (_, k) => instant(day) - k * 14 * dayMs)

type Definition = { title: string; folder: string; horizonDays: number; trainOrigins: number[]; testOrigin: number }

const definitions: Record<ProtocolName, Definition> = {
  p1: {
    title: 'CDNOW, other customers (P1)',
    folder: 'cdnow',
    horizonDays: 273,
    trainOrigins: rolling('1997-10-01', 1),
    testOrigin: instant('1997-10-01'),
  },
  t: {
    title: 'CDNOW, later time (T)',
    folder: 'cdnow',
    horizonDays: 122,
    trainOrigins: rolling('1997-06-01', 1),
    testOrigin: instant('1997-10-01'),
  },
  or: {
    title: 'Online Retail (OR)',
    folder: 'online_retail',
    horizonDays: 91,
    trainOrigins: rolling('2011-06-11'),
    testOrigin: instant('2011-09-10'),
  },
}

export const protocolTitle = (name: ProtocolName): string => definitions[name].title

const fileOf = (folder: string) => join(root, '../shared/data', folder, 'orders.csv.gz')

/** Whether this machine has the data. */
export const hasProtocol = (name: ProtocolName): boolean => existsSync(fileOf(definitions[name].folder))

const histories = new Map<string, Promise<CustomerHistory[]>>()

function historiesOf(folder: string): Promise<CustomerHistory[]> {
  const known = histories.get(folder) ?? readOrdersFile(fileOf(folder))
  histories.set(folder, known)
  return known
}

/** One split; `quick` takes a fraction of the customers, which only shows that all runs. */
export async function openProtocol(name: ProtocolName, quick = false): Promise<Protocol> {
  const { folder, horizonDays, trainOrigins, testOrigin } = definitions[name]
  const all = await historiesOf(folder)
  const customers = quick ? all.filter((_, k) => k % 4 === 0) : all
  const isTest = ({ customerId }: CustomerHistory) => name !== 'p1' || Number(customerId) % 10 < 3
  const isTrain = (customer: CustomerHistory) => name !== 'p1' || !isTest(customer)
  const train = buildTrainingSet(customers.filter(isTrain), { origins: trainOrigins, horizonDays })
  const { reference } = train
  const test = buildTrainingSet(customers.filter(isTest), { origins: [testOrigin], horizonDays, reference })
  return { name, horizonDays, train, test }
}
