/** One hook per endpoint that the pages of products read. Keys begin with 'products', stock with 'stock'. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import {
  api,
  bodyOf,
  type Facets,
  type Level,
  type Movement,
  type PriceStep,
  type ProductListRow,
} from '@/client/api'
import { usePages } from '@/client/pages'
import { isSearching, listParams, type ProductsSearch, searchParams } from './filters'

export const PRODUCTS = ['products'] as const
export const STOCK = ['stock'] as const
const PAGE = 50
const MOST = 200
const FIVE_MINUTES = 300_000

export type FoundRow = ProductListRow & { marked_name?: string | null; excerpt?: string | null }
type RowsPage = {
  items: FoundRow[]
  next_cursor: string | null
  corrected?: Record<string, string[]>
}

export function useProducts(search: ProductsSearch) {
  return usePages<FoundRow, RowsPage>(['products', 'list', search], (cursor, signal) =>
    isSearching(search)
      ? bodyOf(
          api.GET('/api/v1/products/search', {
            params: { query: { ...searchParams(search), cursor, limit: PAGE } },
            signal,
          }),
        )
      : bodyOf(
          api.GET('/api/v1/products', {
            params: { query: { ...listParams(search), cursor, limit: PAGE } },
            signal,
          }),
        ),
  )
}

/** How the hits spread, with the filter of one kind left out, so that its other values keep their counts. */
export function useFacets(search: ProductsSearch) {
  const params = searchParams(search)
  return useQuery<Facets | null>({
    queryKey: ['products', 'facets', params],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { ...params, facets: true, limit: 1 }
      const page = await bodyOf(api.GET('/api/v1/products/search', { params: { query }, signal }))
      return page.facets
    },
  })
}

export function useCategories() {
  return useQuery({
    queryKey: ['products', 'categories'],
    staleTime: FIVE_MINUTES,
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET('/api/v1/categories', { signal }))).items.toSorted((a, b) =>
        a.path.localeCompare(b.path),
      ),
  })
}

const at = (productId: string) => ({ params: { path: { product_id: productId } } })

export function useProduct(productId: string) {
  return useQuery({
    queryKey: ['products', productId],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/products/{product_id}', { ...at(productId), signal })),
  })
}

export function useVariants(productId: string) {
  return usePages<ProductListRow>(['products', productId, 'variants'], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/products', {
        params: {
          query: {
            parent_id: productId,
            variants: true,
            status: ['draft', 'active', 'archived'],
            sort: 'name',
            limit: PAGE,
            cursor,
          },
        },
        signal,
      }),
    ),
  )
}

export function usePriceHistory(productId: string) {
  return usePages<PriceStep>(['products', productId, 'price-history'], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/products/{product_id}/price-history', {
        params: { path: { product_id: productId }, query: { cursor, limit: 20 } },
        signal,
      }),
    ),
  )
}

export function useLevels(productId: string) {
  return useQuery<Level[]>({
    queryKey: ['stock', productId, 'levels'],
    queryFn: async ({ signal }) =>
      (
        await bodyOf(
          api.GET('/api/v1/inventory/products/{product_id}', { ...at(productId), signal }),
        )
      ).items,
  })
}

export function useMovements(productId: string, locationId: string | undefined) {
  return usePages<Movement>(['stock', productId, 'movements', locationId], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/inventory/movements', {
        params: {
          query: { product_id: productId, location_id: locationId, cursor, limit: 20 },
        },
        signal,
      }),
    ),
  )
}

export function useLocations(enabled = true) {
  return useQuery({
    queryKey: ['stock', 'locations'],
    enabled,
    staleTime: FIVE_MINUTES,
    queryFn: async ({ signal }) => {
      const query = { is_active: true, limit: MOST }
      return (await bodyOf(api.GET('/api/v1/inventory/locations', { params: { query }, signal })))
        .items
    },
  })
}
