/** One hook per question to the insights. All keys begin with 'insights'. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, bodyOf, type ChangeRow, type ChangesAnswer, type ExplainAnswer } from '@/client/api'
import { follow, withParams } from '@/client/follow'
import { usePages } from '@/client/pages'
import type { ProductOrder, ScopeParams } from './filters'

const HALF_A_MINUTE = 30_000
const KEPT = { placeholderData: keepPreviousData, staleTime: HALF_A_MINUTE }

export type RevenueParams = ScopeParams & {
  group_by?: string
  order?: 'best' | 'worst'
  limit?: number
}

export const ANALYTICS = '/api/v1/analytics'

export function useRevenue(params: RevenueParams | null) {
  return useQuery({
    ...KEPT,
    queryKey: ['insights', 'revenue', params],
    enabled: params !== null,
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/analytics/revenue', { params: { query: params ?? {} }, signal })),
  })
}

export type CustomersParams = Pick<ScopeParams, 'from' | 'to' | 'channel' | 'country'>

export function useCustomers(params: CustomersParams | null) {
  return useQuery({
    ...KEPT,
    queryKey: ['insights', 'customers', params],
    enabled: params !== null,
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/analytics/customers', { params: { query: params ?? {} }, signal })),
  })
}

export function useCohorts(channel: string | undefined) {
  return useQuery({
    ...KEPT,
    queryKey: ['insights', 'cohorts', channel],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/analytics/cohorts', { params: { query: { channel } }, signal })),
  })
}

export type PerformanceParams = {
  order: ProductOrder
  category?: string[]
  performance?: string[]
  stock_level?: string[]
  life_cycle?: string[]
  q?: string
  limit: number
}

export function usePerformance(params: PerformanceParams) {
  return useQuery({
    ...KEPT,
    queryKey: ['insights', 'products', params],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/analytics/products', { params: { query: params }, signal })),
  })
}

/** What every metric means, by its slug. */
export function useCatalogue() {
  const { data } = useQuery({
    queryKey: ['insights', 'metrics'],
    staleTime: Infinity,
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/metrics', { signal })),
    select: ({ metrics }) => new Map(metrics.map((metric) => [metric.slug, metric])),
  })
  return data
}

const ROWS = 50
type ExplainRow = ExplainAnswer['rows'][number]
type Paged<Row, Answer> = Answer & { items: Row[]; next_cursor: string | null }

/** An explanation by the address that came with its figure, and the rows behind it page by page. */
export function useExplanation(url: string) {
  return usePages<ExplainRow, Paged<ExplainRow, ExplainAnswer>>(
    ['insights', 'explain', url],
    async (cursor, signal) => {
      const response = await follow(withParams(url, { cursor, limit: ROWS }), signal)
      const answer = (await response.json()) as ExplainAnswer
      return { ...answer, items: answer.rows }
    },
  )
}

/** How the figure differs from what it was at a moment before, with the facts that came in between. */
export function useChanges(url: string | null) {
  return usePages<ChangeRow, Paged<ChangeRow, ChangesAnswer>>(
    ['insights', 'changes', url],
    async (cursor, signal) => {
      const response = await follow(withParams(url ?? '', { cursor, limit: ROWS }), signal)
      const answer = (await response.json()) as ChangesAnswer
      return { ...answer, items: answer.rows }
    },
    url !== null,
  )
}
