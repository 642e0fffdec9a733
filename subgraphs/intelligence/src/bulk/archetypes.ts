import type { ModelBundle } from '../analysis/bundle.ts'
import type { Archetype } from '../dna/model.ts'

export type ExportedArchetype = Pick<Archetype, 'id' | 'name' | 'level'>

/** Looks archetypes up by their ids; null for one of models that are not in use any more. */
export function createArchetypes(): (bundle: ModelBundle, id: string) => ExportedArchetype | null {
  const known = new WeakMap<ModelBundle, Map<string, ExportedArchetype>>()
  return (bundle, id) => {
    const all =
      known.get(bundle) ??
      new Map(bundle.segmentation.tree.archetypes.map(({ id: own, name, level }) => [own, { id: own, name, level }]))
    known.set(bundle, all)
    return all.get(id) ?? null
  }
}
