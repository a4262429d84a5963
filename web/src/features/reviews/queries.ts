/** What the page of reviews reads, and how it decides. All keys begin with 'reviews'. */
import { api, bodyOf, type Review } from '@/client/api'
import { usePages } from '@/client/pages'
import { Refused } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { counted } from '@/lib/format'
import { type ReviewsSearch, reviewsParams } from './filters'

export const REVIEWS = ['reviews'] as const
const PAGE = 50

export function useReviews(search: ReviewsSearch) {
  const params = reviewsParams(search)
  return usePages<Review>(['reviews', 'list', params], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/reviews', { params: { query: { ...params, cursor, limit: PAGE } }, signal }),
    ),
  )
}

export type Verdict = 'publish' | 'reject'
type Seen = Pick<Review, 'review_id' | 'version'>

/**
 * Decides about one review or several, one after another, each over the version that was seen. What somebody
 * else has decided meanwhile is left as it is and counted.
 */
export function useModerate(onDone: () => void) {
  return useWrite(
    async ({ verdict, reviews }: { verdict: Verdict; reviews: Seen[] }, key) => {
      let left = 0
      for (const { review_id, version } of reviews) {
        // Of each its own: a second try after a broken line repeats none that was done.
        const header = keyed(`${key}-${review_id}`, version)
        const params = { path: { review_id }, header }
        try {
          await bodyOf(
            verdict === 'publish'
              ? api.POST('/api/v1/reviews/{review_id}/publish', { params })
              : api.POST('/api/v1/reviews/{review_id}/reject', { params }),
          )
        } catch (error) {
          if (!(error instanceof Refused) || ![404, 409].includes(error.status)) throw error
          left += 1
        }
      }
      return { done: reviews.length - left, left }
    },
    {
      touches: [REVIEWS],
      said: ({ done, left }, { verdict }) =>
        [
          done > 0 &&
            `${counted(done, 'review')} ${done === 1 ? 'is' : 'are'} ${verdict === 'publish' ? 'published' : 'rejected'}.`,
          left > 0 &&
            `Somebody else was faster with ${counted(left, 'review')}: look at ${left === 1 ? 'it' : 'them'} again.`,
        ]
          .filter(Boolean)
          .join(' '),
      onDone,
    },
  )
}
