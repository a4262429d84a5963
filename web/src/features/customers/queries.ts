/** One hook per endpoint that the pages of customers read. All keys begin with 'customers'. */
import { useQuery } from '@tanstack/react-query'
import { api, bodyOf, type Consent, type CustomerRow, type OrderRow } from '@/client/api'
import { usePages } from '@/client/pages'
import { type CustomersSearch, customersParams } from './filters'

export const CUSTOMERS = ['customers'] as const
const PAGE = 50
const MOST = 200
const FIVE_MINUTES = 300_000

export function useCustomers(search: CustomersSearch, enabled = true) {
  const params = customersParams(search)
  return usePages<CustomerRow>(
    ['customers', 'list', params],
    (cursor, signal) =>
      bodyOf(
        api.GET('/api/v1/customers', {
          params: { query: { ...params, cursor, limit: PAGE } },
          signal,
        }),
      ),
    enabled,
  )
}

const at = (customerId: string) => ({ params: { path: { customer_id: customerId } } })

export function useCustomer(customerId: string | undefined) {
  return useQuery({
    queryKey: ['customers', customerId],
    enabled: customerId !== undefined,
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/customers/{customer_id}', { ...at(customerId ?? ''), signal })),
  })
}

export function useOrdersOf(customerId: string) {
  return usePages<OrderRow>(['customers', customerId, 'orders'], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/customers/{customer_id}/orders', {
        params: { path: { customer_id: customerId }, query: { cursor, limit: 10 } },
        signal,
      }),
    ),
  )
}

export function useConsentsOf(customerId: string, enabled: boolean) {
  return usePages<Consent>(
    ['customers', customerId, 'consents'],
    (cursor, signal) =>
      bodyOf(
        api.GET('/api/v1/customers/{customer_id}/consents', {
          params: { path: { customer_id: customerId }, query: { cursor, limit: 20 } },
          signal,
        }),
      ),
    enabled,
  )
}

/** How many reviews a person has written, as far as one page tells. */
export function useReviewsOf(customerId: string | undefined) {
  return useQuery({
    queryKey: ['customers', customerId, 'reviews'],
    enabled: customerId !== undefined,
    queryFn: async ({ signal }) => {
      const query = { customer_id: customerId, limit: MOST }
      const page = await bodyOf(api.GET('/api/v1/reviews', { params: { query }, signal }))
      return { count: page.items.length, isAll: page.next_cursor === null }
    },
  })
}

export function useGroups() {
  return useQuery({
    queryKey: ['customers', 'groups'],
    staleTime: FIVE_MINUTES,
    queryFn: async ({ signal }) =>
      (
        await bodyOf(
          api.GET('/api/v1/customer-groups', { params: { query: { limit: MOST } }, signal }),
        )
      ).items,
  })
}
