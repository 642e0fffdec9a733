/** What is asked of another field of the entity, or of what stands there: `w(n: 2) { p }`. */
export type Need = { name: string; args: Record<string, unknown>; inner: Need[] }

export type FieldModel = {
  name: string
  type: string
  /** `@` stands for the type's name: `[@!]!` */
  wrap: string
  /** where the type is abstract: what its values are of */
  members: string[]
  /** takes `n: Int, kind: Kind, where: Where` */
  hasArguments: boolean
  /** the subgraphs that resolve it */
  owners: number[]
  requires: Need[] | null
  /** the scalar fields of its type that come with it */
  provides: string[]
  /** Who had it before, and whether it is still asked now and then. */
  overrides: { from: number; label: string | null } | null
  isHidden: boolean
  /** the entity whose field throws */
  throwsFor: number | null
}

export type TypeModel = {
  name: string
  isEntity: boolean
  fields: FieldModel[]
  /** by subgraph: those that have fields of an entity of their own */
  keysIn: Map<number, string[]>
  /** an entity that a subgraph does not know, or cannot tell about; all fields that are its alone are null then */
  absent: { service: number; entity: number; throws: boolean } | null
}

export type Model = {
  services: number
  types: TypeModel[]
  query: FieldModel[]
  mutation: FieldModel[]
  union: string[]
  /** the interface’s types, and fields that all have */
  plain: { members: string[]; common: FieldModel[] }
  /** the interface with a key: where it is one, where it is an object, and what fields it has there */
  keyed: { members: string[]; home: number; object: number; fields: FieldModel[] } | null
}

export const union = 'Either'
export const plainInterface = 'Thing'
export const keyedInterface = 'Media'
export const scalars = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Kind'] as const
export const isScalar = (type: string): boolean => (scalars as readonly string[]).includes(type)
export const entityCount = 5

export const keyFields: Record<string, string> = {
  id: 'id: ID!',
  code: 'code: Int!',
  a: 'a: Int!',
  b: 'b: String!',
  at: 'at: Place!',
}

export const entities = ({ types }: Model): TypeModel[] => types.filter(({ isEntity }) => isEntity)

export function typeNamed({ types }: Model, name: string): TypeModel {
  const found = types.find((type) => type.name === name)
  if (!found) throw new Error(`There is no type ${name}`)
  return found
}

/** Whether a subgraph can have a field of a type: where an interface is an object, none of its types can be known. */
export function canHave({ keyed }: Model, service: number, type: string): boolean {
  if (type === keyedInterface) return service === keyed?.home || service === keyed?.object
  return !(keyed?.object === service && keyed.members.includes(type))
}
