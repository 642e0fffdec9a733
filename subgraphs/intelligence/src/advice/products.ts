import { refuse } from '@quimbi/service/errors.ts'
import { word, words } from '../common/checks.ts'

type Optional<T> = T | null | undefined

/** A product to choose from; the price is a decimal string. */
export type GivenProduct = { sku: string; title: string; price?: Optional<string>; margin?: Optional<number> }
/** `price` in currency, `margin` the share of it that is earned, 0 to 1. */
export type CheckedProduct = { sku: string; title: string; price: number | undefined; margin: number | undefined }

const mostProducts = 1_000

/** The products that an input names; undefined where it names none. @throws UserErrors with the place of what is wrong */
export function checkProducts(products: Optional<readonly GivenProduct[]>): CheckedProduct[] | undefined {
  if (!products) return undefined
  if (products.length > mostProducts)
    refuse('LIMIT_EXCEEDED', `At most ${mostProducts} products.`, ['input', 'products'])
  return products.map(({ sku, title, price, margin }, index) => {
    const at = (name: string) => ['input', 'products', String(index), name]
    const amount = Number(price ?? 0)
    if (!(amount >= 0)) refuse('INVALID', 'A price is not negative.', at('price'))
    const share = margin ?? 0
    if (!(share >= 0 && share <= 1)) refuse('INVALID', 'A margin lies between 0 and 1.', at('margin'))
    return {
      sku: word(sku, 200, at('sku')),
      title: words(title, 500, at('title')),
      price: (price ?? null) === null ? undefined : amount,
      margin: margin ?? undefined,
    }
  })
}

/** The mean of the margins that are known; undefined where none is. */
export function meanMargin(products: readonly CheckedProduct[] = []): number | undefined {
  const known = products.flatMap(({ margin }) => margin ?? [])
  return known.length === 0 ? undefined : known.reduce((sum, margin) => sum + margin, 0) / known.length
}
