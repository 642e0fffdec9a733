import { between, pick, type Random } from '@quimbi/service/random.ts'
import {
  canHave,
  entities,
  entityCount,
  isScalar,
  keyedInterface,
  plainInterface,
  scalars,
  typeNamed,
  union,
  type FieldModel,
  type Model,
  type Need,
  type TypeModel,
} from './partition-model.ts'

const keys = ['id', 'code', 'a b', 'at { x y }', 'id code', 'at { x y } code'] as const

const wraps = ['@', '@', '@', '@!', '[@]', '[@!]', '[@!]!', '[@]!', '[[@]]', '[[@!]!]!'] as const

const some = <T>(random: Random, from: readonly T[], share: number): T[] => {
  const found = from.filter(() => random() < share)
  return found.length > 0 || from.length === 0 ? found : [pick(random, from as readonly [T, ...T[]])]
}
const one = <T>(random: Random, from: readonly T[]): T => pick(random, from as readonly [T, ...T[]])

function fieldOf(random: Random, name: string, type: string, owners: number[], members: string[] = []): FieldModel {
  return {
    name,
    type,
    wrap: pick(random, wraps),
    members,
    hasArguments: random() < 0.3,
    owners,
    requires: null,
    provides: [],
    overrides: null,
    isHidden: false,
    throwsFor: null,
  }
}

/** A graph, who has what of it, and what is wrong with its entities. */
export function randomModel(random: Random): Model {
  const services = between(random, 2, 4)
  const all = Array.from({ length: services }, (_, at) => at)
  const names = ['Ant', 'Bee', 'Cat', 'Dog'].slice(0, between(random, 2, 4))
  const keyedMembers = random() < 0.5 ? some(random, names, 0.4) : []
  const keyed: Model['keyed'] = keyedMembers.length > 0 ? keyedOf(random, keyedMembers, all) : null
  const model: Model = {
    services,
    types: [],
    query: [],
    mutation: [],
    union: [...some(random, names, 0.6), ...(random() < 0.5 ? ['Size'] : [])],
    plain: { members: some(random, names, 0.6), common: [] },
    keyed,
  }
  model.plain.common = ['common', 'shared'].map((name) => fieldOf(random, name, one(random, scalars), []))
  model.types.push(
    ...valueTypes(
      random,
      names.filter((name) => !keyedMembers.includes(name)),
    ),
  )
  for (const name of names) model.types.push(entityOf(random, model, name, all))
  for (const { name } of entities(model)) addFields(random, model, name)
  for (const type of entities(model)) harm(random, model, type)
  for (const each of keyed?.fields ?? []) retype(random, model, each)
  model.query = Array.from({ length: between(random, 4, 8) }, (_, at) => rootField(random, model, `q${at}`, all))
  model.mutation = Array.from({ length: 2 }, (_, at) => ({
    ...rootField(random, model, `m${at}`, all),
    throwsFor: null,
  }))
  for (const each of model.mutation) each.owners = each.owners.slice(0, 1)
  for (const each of [...model.query, ...entities(model).flatMap(({ fields }) => fields)]) provide(random, model, each)
  return model
}

function keyedOf(random: Random, members: string[], all: number[]): Model['keyed'] {
  const home = one(random, all)
  const object = one(
    random,
    all.filter((service) => service !== home),
  )
  const fields = ['rank', 'mood'].map((name) => fieldOf(random, name, one(random, scalars), [object]))
  return { members, home, object, fields }
}

function valueTypes(random: Random, names: string[]): TypeModel[] {
  const value = (name: string, fields: FieldModel[]): TypeModel => ({
    name,
    isEntity: false,
    fields,
    keysIn: new Map(),
    absent: null,
  })
  const plain = (name: string) => fieldOf(random, name, one(random, scalars), [])
  const size = [plain('w'), plain('h'), { ...fieldOf(random, 'unit', 'Unit', []), hasArguments: false }]
  if (names.length > 0 && random() < 0.5) size.push(fieldOf(random, 'of', one(random, names), []))
  return [value('Size', size), value('Unit', [plain('symbol'), plain('factor')])]
}

function entityOf(random: Random, { keyed, plain }: Model, name: string, all: number[]): TypeModel {
  const isKeyed = keyed?.members.includes(name) === true
  const may = isKeyed ? all.filter((service) => service !== keyed?.object) : all
  const homes = new Set([...some(random, may, 0.7), ...(isKeyed && keyed ? [keyed.home] : [])])
  const usual = pick(random, keys)
  const keysIn = new Map<number, string[]>()
  for (const home of homes) {
    const own = random() < 0.05 ? [pick(random, keys)] : random() < 0.4 ? [usual, pick(random, keys)] : [usual]
    if (isKeyed) own.unshift('id')
    keysIn.set(home, [...new Set(own)])
  }
  const fields = plain.members.includes(name)
    ? plain.common.map((each) => ({ ...each, owners: some(random, [...homes], random() < 0.6 ? 0.9 : 0) }))
    : []
  return { name, isEntity: true, fields, keysIn, absent: null }
}

/** Gives a field another type, which all of its subgraphs can have. */
function retype(random: Random, model: Model, field: FieldModel): void {
  const can = (name: string) => field.owners.every((service) => canHave(model, service, name))
  const composite = [...entities(model).map(({ name }) => name), 'Size', union, plainInterface, keyedInterface]
  const type = one(random, composite)
  const from = type === union ? model.union : type === plainInterface ? model.plain.members : model.keyed?.members
  const isAbstract = type === union || type === plainInterface || type === keyedInterface
  const members = isAbstract
    ? some(
        random,
        (from ?? []).filter((name) => type === keyedInterface || can(name)),
        0.8,
      )
    : []
  if (isAbstract ? members.length === 0 || !can(type) : !can(type)) return
  Object.assign(field, { type, members })
}

function rootField(random: Random, model: Model, name: string, all: number[]): FieldModel {
  const field = fieldOf(random, name, 'String', random() < 0.8 ? [one(random, all)] : some(random, all, 0.5))
  for (let tries = 0; tries < 3 && field.type === 'String'; tries += 1) retype(random, model, field)
  return field
}

function addFields(random: Random, model: Model, name: string): void {
  const type = typeNamed(model, name)
  const homes = [...type.keysIn.keys()]
  const count = between(random, 3, 7)
  for (let at = 0; at < count; at += 1) {
    const owners = random() < 0.8 ? [one(random, homes)] : some(random, homes, 0.6)
    const field = fieldOf(random, `${name.toLowerCase()}${at}`, one(random, scalars), owners)
    if (random() < 0.5) retype(random, model, field)
    const service = owners[0] ?? 0
    if (owners.length === 1 && isScalar(field.type)) {
      if (random() < 0.35) require(random, model, type, field, service)
      else if (homes.length > 1 && random() < 0.12) {
        const from = one(
          random,
          homes.filter((home) => home !== service),
        )
        field.overrides = { from, label: random() < 0.3 ? 'percent(50)' : null }
      } else if (random() < 0.08) field.isHidden = true
    }
    type.fields.push(field)
  }
}

/** Lets a field require others of the entity, which other subgraphs have. */
function require(random: Random, model: Model, type: TypeModel, field: FieldModel, service: number): void {
  const elsewhere = type.fields.filter(({ owners, overrides }) => !owners.includes(service) && !overrides)
  const needs = some(random, elsewhere, 0.4).flatMap((each) => needOf(random, model, each, service) ?? [])
  if (needs.length > 0) field.requires = needs
}

const literalArguments = (random: Random): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ n: between(random, 0, 2), kind: 'B', where: { near: between(random, 0, 1) } }).filter(
      () => random() < 0.5,
    ),
  )

function needOf(random: Random, model: Model, field: FieldModel, service: number, depth = 0): Need | null {
  const need: Need = { name: field.name, args: field.hasArguments ? literalArguments(random) : {}, inner: [] }
  if (isScalar(field.type)) return need
  if (field.members.length > 0 || depth > 1 || !canHave(model, service, field.type)) return null
  const { isEntity, fields } = typeNamed(model, field.type)
  const inner = fields.filter((each) => (isEntity ? isScalar(each.type) && !each.overrides && !each.requires : true))
  need.inner = some(random, inner, 0.5).flatMap((each) => needOf(random, model, each, service, depth + 1) ?? [])
  return need.inner.length > 0 ? need : null
}

/** Fields that nobody else needs may fail. */
function harm(random: Random, model: Model, type: TypeModel): void {
  const needed = new Set(model.types.flatMap(({ fields }) => fields.flatMap(({ requires }) => namesIn(requires ?? []))))
  const isApart = ({ name, owners, overrides }: FieldModel) => owners.length === 1 && !overrides && !needed.has(name)
  for (const field of type.fields)
    if (isApart(field) && random() < 0.15 && (!field.wrap.endsWith('!') || random() < 0.2))
      field.throwsFor = between(random, 0, entityCount - 1)
  const [service, own] = one(random, [...type.keysIn])
  const isAlone = type.fields.every((each) => !each.owners.includes(service) || isApart(each))
  if (random() < 0.3 && isAlone && own.length === 1 && !model.keyed?.members.includes(type.name))
    type.absent = { service, entity: between(random, 0, entityCount - 1), throws: random() < 0.5 }
}

const namesIn = (needs: readonly Need[]): string[] => needs.flatMap(({ name, inner }) => [name, ...namesIn(inner)])

function provide(random: Random, model: Model, field: FieldModel): void {
  const [service, ...others] = field.owners
  if (service === undefined || others.length > 0 || field.overrides || random() > 0.25) return
  const type = entities(model).find(({ name }) => name === field.type)
  const isPlain = ({ owners, requires, overrides, throwsFor, hasArguments, type: named }: FieldModel) =>
    isScalar(named) && !hasArguments && !owners.includes(service) && !requires && !overrides && throwsFor === null
  const may = (type?.fields ?? []).filter(
    (each) => isPlain(each) && !(type?.absent && each.owners.includes(type.absent.service)),
  )
  if (may.length > 0) field.provides = some(random, may, 0.5).map(({ name }) => name)
}
