import { pageSize } from '@quimbi/service/pagination.ts'
import { ownedBefore } from '../insight/content.ts'
import type { OfferGoal } from '../insight/recommend.ts'
import { assortmentOf } from './assortment.ts'
import { checkProducts, type GivenProduct } from './products.ts'
import { subjectOf, type Asking, type Named } from './subject.ts'

type Optional<T> = T | null | undefined
type Input = Named & { objective: OfferGoal; products?: Optional<readonly GivenProduct[]> }

/** Products for a customer, the likeliest first. @throws UserErrors as subjectOf, and what is wrong with the products */
export async function recommendContent(asking: Asking, input: Input, first: Optional<number>) {
  const size = pageSize(first, { default: 5 })
  const products = checkProducts(input.products)
  const { history, asOf } = await subjectOf(asking, input)
  const { recommend, titles } = await assortmentOf(asking.db, asking.viewer.tenantId, asking.now)
  const given = new Map(products?.map(({ sku, title }) => [sku, title]))
  const titleOf = (sku: string) => given.get(sku) || titles.get(sku) || sku
  const found = recommend({ owned: ownedBefore(history, asOf), products, goal: input.objective, first: size, titleOf })
  return found.map((one) => ({ ...one, title: titleOf(one.sku) }))
}
