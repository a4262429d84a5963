import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ChevronRight, Plus } from 'lucide-react'
import { useState } from 'react'
import { api, bodyOf, type ProductListRow } from '@/client/api'
import { asProblem } from '@/client/problem'
import { useLater } from '@/lib/useLater'
import { TextField } from '@/ui/Field'

const MOST_FOUND = 6
const MOST_VARIANTS = 100

/** What can be put on a line: a product or a variant, never a group of them. */
export type Picked = { product_id: string; sku: string; name: string }

type ProductPickerProps = {
  label: string
  /** Ids of those that are on a line already. */
  taken: string[]
  onPick: (product: Picked) => void
}

/** Finds a product by words or SKU; a group opens to its variants. */
export function ProductPicker({ label, taken, onPick }: ProductPickerProps) {
  const [typed, setTyped] = useState('')
  const [group, setGroup] = useState<ProductListRow | null>(null)
  const sought = useLater(typed.trim())
  const found = useQuery({
    queryKey: ['products', 'picker', sought],
    enabled: sought.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<ProductListRow[]> => {
      const query = { q: sought, limit: MOST_FOUND, status: ['active', 'draft'] as const }
      const params = { query: { ...query, status: [...query.status] } }
      return (await bodyOf(api.GET('/api/v1/products/search', { params, signal }))).items
    },
  })
  const variants = useQuery({
    queryKey: ['products', 'picker', 'variants', group?.product_id],
    enabled: group !== null,
    queryFn: async ({ signal }): Promise<ProductListRow[]> => {
      const query = { parent_id: group?.product_id, variants: true, limit: MOST_VARIANTS }
      return (await bodyOf(api.GET('/api/v1/products', { params: { query }, signal }))).items
    },
  })
  const asked = group ? variants : found
  const rows = typed.trim() === '' ? [] : (asked.data ?? [])
  function choose(row: ProductListRow) {
    if (row.sku === null) {
      setGroup(row)
      return
    }
    onPick({ product_id: row.product_id, sku: row.sku, name: row.name })
    setGroup(null)
    setTyped('')
  }
  return (
    <div>
      <TextField
        label={label}
        type="search"
        autoComplete="off"
        spellCheck={false}
        placeholder="Name or SKU"
        value={typed}
        onChange={(next) => {
          setTyped(next)
          setGroup(null)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          // Enter takes what was found, and does not send the sheet around it.
          event.preventDefault()
          const [first] = rows
          if (first && !taken.includes(first.product_id) && !asked.isFetching) choose(first)
        }}
        error={asked.error ? asProblem(asked.error).message : null}
      />
      {rows.length > 0 && (
        <ul
          aria-label={group ? `Variants of ${group.name}` : 'Products found'}
          className="mt-1.5 divide-y divide-line rounded-xl border border-line"
        >
          {rows.map((row) => (
            <li key={row.product_id}>
              <button
                type="button"
                disabled={taken.includes(row.product_id)}
                onClick={() => choose(row)}
                className="flex min-h-11 w-full items-center justify-between gap-3 px-3 py-1.5 text-left enabled:hover:bg-sunk disabled:opacity-50"
              >
                <span className="min-w-0">
                  <span className="block truncate font-medium">{row.name}</span>
                  <span className="block truncate text-xs text-muted">
                    {row.sku ?? 'Choose a variant'}
                    {taken.includes(row.product_id) && ' · on a line already'}
                  </span>
                </span>
                {row.sku === null ? (
                  <ChevronRight size={15} aria-hidden className="shrink-0 text-muted" />
                ) : (
                  <Plus size={15} aria-hidden className="shrink-0 text-muted" />
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
      {typed.trim() !== '' && asked.data?.length === 0 && !asked.isFetching && (
        <p role="status" className="mt-1.5 text-[0.8125rem] text-muted">
          {group ? 'This group has no variants yet.' : `Nothing like “${typed.trim()}”.`}
        </p>
      )}
    </div>
  )
}
