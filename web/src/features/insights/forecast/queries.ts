/** One hook per question to the forecasts. All keys begin with 'forecast'. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, bodyOf, type ForecastRow } from '@/client/api'
import { usePages } from '@/client/pages'
import type { ForecastSearch, Horizon } from '../filters'

const FIVE_MINUTES = 300_000
const KEPT = { placeholderData: keepPreviousData, staleTime: FIVE_MINUTES }
const ROWS = 50
/** Days of the past beside a forecast of so many days ahead. */
export const HISTORY = { '30': 90, '60': 120, '90': 180 } as const

export function useForecast({ product, category, channel, ...search }: ForecastSearch) {
  const days: Horizon = search.days ?? '30'
  const horizon = { horizon_days: Number(days) }
  const past = { ...horizon, channel, history_days: HISTORY[days] }
  return useQuery({
    ...KEPT,
    queryKey: ['forecast', { product, category, channel, days }],
    queryFn: ({ signal }) => {
      if (product !== undefined) {
        const path = { product_id: product }
        const params = { path, query: past }
        return bodyOf(api.GET('/api/v1/forecast/products/{product_id}', { params, signal }))
      }
      if (category !== undefined) {
        const query = { category, ...horizon, history_days: HISTORY[days] }
        return bodyOf(api.GET('/api/v1/forecast/categories', { params: { query }, signal }))
      }
      return bodyOf(api.GET('/api/v1/forecast/total', { params: { query: past }, signal }))
    },
  })
}

/** How good the forecasts were, by kind of demand. */
export function useAccuracy() {
  return useQuery({
    ...KEPT,
    queryKey: ['forecast', 'accuracy'],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/v1/forecast/accuracy', { params: { query: { part: 'class' } }, signal }),
      ),
  })
}

export function useForecastRows(channel: string | undefined, days: number) {
  return usePages<ForecastRow>(['forecast', 'rows', channel, days], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/forecast/products', {
        params: { query: { channel, horizon_days: days, limit: ROWS, cursor } },
        signal,
      }),
    ),
  )
}
