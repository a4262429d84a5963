/** What the pages of purchasing read. Keys begin with 'suppliers', 'offers' and 'purchase-orders'. */
import { useQuery } from '@tanstack/react-query'
import { api, bodyOf, type Offer, type PurchaseOrder, type Supplier } from '@/client/api'
import { usePages } from '@/client/pages'
import { type PurchasesSearch, type SuppliersSearch, suppliersParams } from './filters'

export const SUPPLIERS = ['suppliers'] as const
export const OFFERS = ['offers'] as const
export const PURCHASES = ['purchase-orders'] as const
const PAGE = 50
const MOST = 200

export function usePurchases({ status, supplier }: PurchasesSearch) {
  const params = { status, supplier_id: supplier }
  return usePages<PurchaseOrder>(['purchase-orders', 'list', params], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/purchase-orders', {
        params: { query: { ...params, cursor, limit: PAGE } },
        signal,
      }),
    ),
  )
}

export function useSuppliers(search: SuppliersSearch) {
  const params = suppliersParams(search)
  return usePages<Supplier>(['suppliers', 'list', params], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/suppliers', {
        params: { query: { ...params, cursor, limit: PAGE } },
        signal,
      }),
    ),
  )
}

/** As many as a menu can hold, for names and choices. */
export function useSupplierNames() {
  return useQuery({
    queryKey: ['suppliers', 'names'],
    queryFn: async ({ signal }) => {
      const query = { limit: MOST }
      return (await bodyOf(api.GET('/api/v1/suppliers', { params: { query }, signal }))).items
    },
  })
}

export function useSupplier(supplierId: string | undefined) {
  return useQuery({
    queryKey: ['suppliers', supplierId],
    enabled: supplierId !== undefined,
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/v1/suppliers/{supplier_id}', {
          params: { path: { supplier_id: supplierId ?? '' } },
          signal,
        }),
      ),
  })
}

export function useOffers(supplierId: string) {
  return usePages<Offer>(['offers', supplierId], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/suppliers/{supplier_id}/products', {
        params: { path: { supplier_id: supplierId }, query: { cursor, limit: PAGE } },
        signal,
      }),
    ),
  )
}
