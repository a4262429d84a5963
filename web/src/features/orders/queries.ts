/** One hook per endpoint that the pages of orders read. All keys begin with 'orders'. */
import { useQuery } from '@tanstack/react-query'
import { api, bodyOf, type OrderRow } from '@/client/api'
import { usePages } from '@/client/pages'
import type { OrdersParams } from './filters'

export const ORDERS = ['orders'] as const
const PAGE = 50
const NEWS_EVERY_MS = 15_000

export function useOrders(params: OrdersParams | null) {
  return usePages<OrderRow>(
    ['orders', 'list', params],
    (cursor, signal) =>
      bodyOf(
        api.GET('/api/v1/orders', {
          params: { query: { ...params, cursor, limit: PAGE } },
          signal,
        }),
      ),
    params !== null,
  )
}

/** The id of the newest order of the list, looked at again and again: rows do not move by themselves. */
export function useNewestOrder(params: OrdersParams | null) {
  return useQuery({
    queryKey: ['newest-order', params],
    enabled: params !== null,
    refetchInterval: NEWS_EVERY_MS,
    queryFn: async ({ signal }) => {
      const query = { ...params, limit: 1 }
      const page = await bodyOf(api.GET('/api/v1/orders', { params: { query }, signal }))
      return page.items[0]?.order_id ?? null
    },
  })
}

const at = (orderId: string) => ({ params: { path: { order_id: orderId } } })

export function useOrder(orderId: string) {
  return useQuery({
    queryKey: ['orders', orderId],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/orders/{order_id}', { ...at(orderId), signal })),
  })
}

export function useLeft(orderId: string) {
  return useQuery({
    queryKey: ['orders', orderId, 'left'],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/orders/{order_id}/left', { ...at(orderId), signal })),
  })
}

export function useShipments(orderId: string) {
  return useQuery({
    queryKey: ['orders', orderId, 'shipments'],
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET('/api/v1/orders/{order_id}/shipments', { ...at(orderId), signal })))
        .items,
  })
}

export function useNotes(orderId: string) {
  return useQuery({
    queryKey: ['orders', orderId, 'notes'],
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET('/api/v1/orders/{order_id}/notes', { ...at(orderId), signal }))).items,
  })
}

export function useAddresses(orderId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['orders', orderId, 'addresses'],
    enabled,
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/orders/{order_id}/addresses', { ...at(orderId), signal })),
  })
}

const MOST = 200

export function useReturns(orderId: string) {
  return useQuery({
    queryKey: ['orders', orderId, 'returns'],
    queryFn: async ({ signal }) => {
      const query = { order_id: orderId, limit: MOST }
      return (await bodyOf(api.GET('/api/v1/returns', { params: { query }, signal }))).items
    },
  })
}

export function useIntents(orderId: string) {
  return useQuery({
    queryKey: ['orders', orderId, 'payments'],
    queryFn: async ({ signal }) => {
      const query = { order_id: orderId, limit: MOST }
      return (await bodyOf(api.GET('/api/v1/payments', { params: { query }, signal }))).items
    },
  })
}
