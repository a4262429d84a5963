/** Which reviews are shown: the address, and nothing else. */
import type { ReviewStatus } from '@/client/api'
import { readKnown, readText } from '@/lib/search'

/** In the order of the work: first those that somebody has to decide about. */
export const REVIEW_STATUSES = [
  'pending',
  'published',
  'rejected',
] as const satisfies readonly ReviewStatus[]

export type ReviewsSearch = {
  /** Those that wait, when absent. */
  status?: Exclude<ReviewStatus, 'pending'>
  /** An id. */
  product?: string
  /** An id. */
  customer?: string
}

/** Reads an address that anybody may have typed: what makes no sense is left out. */
export function readReviewsSearch(search: Record<string, unknown>): ReviewsSearch {
  const [status] = readKnown(search.status, REVIEW_STATUSES)
  const product = readText(search.product)
  const customer = readText(search.customer)
  return {
    ...(status && status !== 'pending' && { status }),
    ...(product && { product }),
    ...(customer && { customer }),
  }
}

export function reviewsParams({ status, product, customer }: ReviewsSearch) {
  return { status: status ?? ('pending' as const), product_id: product, customer_id: customer }
}
