/** What a supplier sells us, as it stands in a form and as the API takes it. Pure, with tests beside it. */
import type { Offer } from '@/client/api'
import type { components } from '@/client/schema'
import { plainAmount } from '@/lib/amount'

/** What is typed of one product. Empty cost: not agreed. */
export type OfferDraft = { cost: string; min: string; pack: string }
export type OfferLine = { product_id: string; sku: string; name: string }

export const NEW_OFFER: OfferDraft = { cost: '', min: '1', pack: '1' }

export function offerDraft(offer: Offer): OfferDraft {
  return {
    cost: offer.unit_cost === null ? '' : String(offer.unit_cost),
    min: String(offer.min_quantity),
    pack: String(offer.pack_size),
  }
}

const isCount = (typed: string) => /^[1-9]\d{0,8}$/.test(typed.trim())

/** What is wrong with it, or null. */
export function offerProblem({ cost, min, pack }: OfferDraft): string | null {
  if (cost.trim() !== '' && plainAmount(cost) === null) return 'The cost is an amount, like 4.25.'
  if (!isCount(min)) return 'The fewest it sends are whole units, one at least.'
  return isCount(pack) ? null : 'A pack holds whole units, one at least.'
}

/** The body that sets these; what the form does not ask for stays as it was. */
export function offersBody(
  typed: { product_id: string; draft: OfferDraft }[],
  known: Offer[],
): components['schemas']['PutOffers'] {
  return {
    products: typed.map(({ product_id, draft }) => ({
      product_id,
      unit_cost: plainAmount(draft.cost),
      min_quantity: Number(draft.min),
      pack_size: Number(draft.pack),
      supplier_sku: known.find((offer) => offer.product_id === product_id)?.supplier_sku ?? null,
    })),
  }
}
