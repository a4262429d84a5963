/** What the page of promotions reads and changes. All keys begin with 'promotions'. */
import { useQuery } from '@tanstack/react-query'
import { api, bodyOf, type Promotion, type PromotionTerms } from '@/client/api'
import { usePages } from '@/client/pages'
import { keyed, useWrite } from '@/client/write'
import { type PromotionsSearch, promotionsParams } from './filters'

export const PROMOTIONS = ['promotions'] as const
const PAGE = 50

export function usePromotions(search: PromotionsSearch) {
  const params = promotionsParams(search)
  return usePages<Promotion>(['promotions', 'list', params], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/promotions', {
        params: { query: { ...params, cursor, limit: PAGE } },
        signal,
      }),
    ),
  )
}

export function usePromotion(promotionId: string | undefined) {
  return useQuery({
    queryKey: ['promotions', promotionId],
    enabled: promotionId !== undefined,
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/v1/promotions/{promotion_id}', {
          params: { path: { promotion_id: promotionId ?? '' } },
          signal,
        }),
      ),
  })
}

type Saved = { terms: PromotionTerms; seen: Pick<Promotion, 'promotion_id' | 'version'> | null }

/** Lays down a new promotion, or gives one other terms over the version that was seen. */
export function useSavePromotion(said: (made: Promotion) => string, onDone?: () => void) {
  return useWrite(
    ({ terms, seen }: Saved, key) =>
      bodyOf(
        seen
          ? api.PUT('/api/v1/promotions/{promotion_id}', {
              params: {
                path: { promotion_id: seen.promotion_id },
                header: keyed(key, seen.version),
              },
              body: terms,
            })
          : api.POST('/api/v1/promotions', { params: { header: keyed(key) }, body: terms }),
      ),
    { touches: [PROMOTIONS], said, onDone },
  )
}
