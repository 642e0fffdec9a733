import { createRandom } from '@quimbi/service/random.ts'
import { entityCount, typeNamed, type FieldModel, type Model, type Need } from './partition-model.ts'

/** An object of the graph; all that is in it follows from these. `told`: what a subgraph was told of it. */
export type Row = { t: string; n: number; told?: Told }
export type Told = Readonly<Record<string, unknown>>
type Arguments = Readonly<Record<string, unknown>>

const hash = (text: string): number => {
  let mixed = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193) >>> 0
  return mixed
}

/** What every field is, wherever it is asked for: a function of the object, the arguments and what is required. */
export function dataOf(model: Model, seed: number) {
  const models = new Map<string, FieldModel>()
  for (const { name, fields } of model.types) for (const each of fields) models.set(`${name} ${each.name}`, each)
  for (const name of model.keyed?.members ?? [])
    for (const each of model.keyed?.fields ?? []) models.set(`${name} ${each.name}`, each)
  for (const each of [...model.query, ...model.mutation]) models.set(`Root ${each.name}`, each)

  const keyOf = ({ t, n }: Row, name: string): unknown => {
    const places: Record<string, unknown> = { x: n % 2, y: `y${n >> 1}` }
    if (t === 'Place') return places[name]
    const values: Record<string, unknown> = {
      id: `${t}-${n}`,
      code: n * 7,
      a: n % 2,
      b: `b${n >> 1}`,
      at: { t: 'Place', n },
    }
    return values[name]
  }

  /** Null where the field is null; throws where it does. */
  function value(row: Row, name: string, args: Arguments): unknown {
    const key = keyOf(row, name)
    if (key !== undefined) return key
    const field = models.get(`${row.t} ${name}`)
    if (!field) throw new Error(`There is no ${row.t}.${name}`)
    const absent = model.types.find((type) => type.name === row.t)?.absent
    if (absent && absent.entity === row.n && field.owners.includes(absent.service)) {
      if (absent.throws) throw new Error(absentMessage(row))
      return null
    }
    if (field.throwsFor === row.n) throw new Error(`${name} of ${row.t}-${row.n}`)
    const required = field.requires && (row.told ? toldOf(field.requires, row.told) : needsOf(field.requires, row))
    return made(field, JSON.stringify([seed, row.t, row.n, name, sorted(args), required]))
  }

  /** What is required, as the data has it. */
  const needsOf = (needs: readonly Need[], row: Row): unknown =>
    needs.map(({ name, args, inner }) => {
      const field = models.get(`${row.t} ${name}`)
      const found = value({ t: row.t, n: row.n }, name, field ? withDefaults(field, args) : args)
      return inner.length > 0 ? through(found, (each) => needsOf(inner, each as Row)) : (found ?? null)
    })

  return { value }
}

export type Data = ReturnType<typeof dataOf>

export const absentMessage = ({ t, n }: Row): string => `${t}-${n} cannot be found`

/** The same, as a subgraph was told. */
const toldOf = (needs: readonly Need[], told: Told): unknown =>
  needs.map(({ name, inner }) => {
    const found = told[name]
    if (found === undefined) return 'not told'
    return inner.length > 0 ? through(found, (each) => toldOf(inner, each as Told)) : found
  })

function through(value: unknown, inner: (value: unknown) => unknown): unknown {
  if (value === null || value === undefined) return null
  return Array.isArray(value) ? value.map((each) => through(each, inner)) : inner(value)
}

/** The schema’s default of `n`. */
const withDefaults = ({ hasArguments }: FieldModel, args: Arguments): Arguments =>
  hasArguments ? { n: 1, ...args } : args

const sorted = (args: Arguments) => Object.entries(args).toSorted(([one], [other]) => (one < other ? -1 : 1))

function made(field: FieldModel, identity: string): unknown {
  const random = createRandom(hash(identity))
  random()
  const build = (wrap: string): unknown => {
    if (wrap.endsWith('!')) return buildWhole(wrap.slice(0, -1))
    return random() < 0.15 ? null : buildWhole(wrap)
  }
  const buildWhole = (wrap: string): unknown => {
    if (wrap.startsWith('[')) return Array.from({ length: Math.floor(random() * 4) }, () => build(wrap.slice(1, -1)))
    return leaf()
  }
  const number = () => Math.floor(random() * 1_000)
  const leaf = (): unknown => {
    switch (field.type) {
      case 'Int':
        return number() - 5
      case 'Float':
        return number() / 4
      case 'Boolean':
        return random() < 0.5
      case 'Kind':
        return ['A', 'B', 'C'][number() % 3]
      case 'String':
        return number() % 9 === 0 ? '' : `s${number()}`
      case 'ID':
        return String(number())
      case 'Size':
      case 'Unit':
        return { t: field.type, n: Math.floor(random() * 1e9) }
    }
    const t = field.members.length > 0 ? field.members[number() % field.members.length] : field.type
    return { t, n: t === 'Size' ? number() : number() % entityCount }
  }
  return build(field.wrap)
}

/** The entity that a representation is of, by whichever key it has. */
export function rowOf(model: Model, type: string, told: Told): Row {
  if (typeof told['id'] === 'string') {
    const [t = '', n = ''] = told['id'].split('-')
    return { t, n: Number(n), told }
  }
  const t = typeNamed(model, type).name
  const at = told['at'] as { x: number; y: string } | undefined
  if (typeof told['code'] === 'number') return { t, n: told['code'] / 7, told }
  if (at) return { t, n: at.x + 2 * Number(at.y.slice(1)), told }
  return { t, n: Number(told['a']) + 2 * Number(String(told['b']).slice(1)), told }
}
