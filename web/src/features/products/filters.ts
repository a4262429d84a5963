/** What the list of products shows: the address, and nothing else. Names are those of the API. */
import type { ProductKind, ProductStatus } from '@/client/api'
import type { components } from '@/client/schema'
import { readKnown, readList, readText } from '@/lib/search'

type Sort = components['schemas']['Sort']

export const PRODUCT_STATUSES = ['draft', 'active', 'archived'] as const
export const KINDS = ['good', 'service', 'group'] as const satisfies readonly ProductKind[]
/** What is shown while nobody asks for archived ones. */
export const USUAL_STATUSES: ProductStatus[] = ['active', 'draft']

export const SORTS: { value: Sort; label: string }[] = [
  { value: 'newest', label: 'Newest first' },
  { value: 'changed', label: 'Changed last first' },
  { value: 'name', label: 'Name, A to Z' },
  { value: 'price', label: 'Price, lowest first' },
  { value: '-price', label: 'Price, highest first' },
]
const DEFAULT_SORT: Sort = 'newest'

export type ProductsSearch = {
  q?: string
  /** An id. */
  category?: string
  brand?: string[]
  status?: ProductStatus[]
  kind?: ProductKind[]
  /** As `name:value`. */
  attribute?: string[]
  sort?: Sort
}

/** Reads an address that anybody may have typed: what makes no sense is left out. */
export function readProductsSearch(search: Record<string, unknown>): ProductsSearch {
  const q = readText(search.q)
  const category = readText(search.category)
  const brand = readList(search.brand)
  const status = readKnown(search.status, PRODUCT_STATUSES)
  const kind = readKnown(search.kind, KINDS)
  const attribute = readList(search.attribute).filter((pair) => pair.indexOf(':') > 0)
  const sort = SORTS.find(({ value }) => value === search.sort)?.value
  return {
    ...(q && { q }),
    ...(category && { category }),
    ...(brand.length > 0 && { brand }),
    ...(status.length > 0 && { status }),
    ...(kind.length > 0 && { kind }),
    ...(attribute.length > 0 && { attribute }),
    ...(sort && sort !== DEFAULT_SORT && { sort }),
  }
}

/** Words and attributes are answered by the search, best hit first; all else by the list, in its order. */
export function isSearching(search: ProductsSearch): boolean {
  return Boolean(search.q?.trim()) || (search.attribute?.length ?? 0) > 0
}

export function listParams(search: ProductsSearch) {
  return {
    sort: search.sort ?? DEFAULT_SORT,
    status: search.status ?? USUAL_STATUSES,
    kind: search.kind ?? [],
    brand: search.brand ?? [],
    ...(search.category && { category: search.category }),
  }
}

export function searchParams(search: ProductsSearch) {
  return {
    q: search.q?.trim() ?? '',
    status: search.status ?? USUAL_STATUSES,
    brand: search.brand ?? [],
    attribute: search.attribute ?? [],
    ...(search.category && { category: search.category }),
  }
}

export function isFiltered(search: ProductsSearch): boolean {
  return Object.keys(search).some((name) => name !== 'sort')
}
