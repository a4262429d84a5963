import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, doneOf, type Supplier } from '@/client/api'
import { asProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { ProductPicker } from '@/features/products/ProductPicker'
import { useMay } from '@/features/session/me'
import { counted } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { Button } from '@/ui/Button'
import { FailedQuery } from '@/ui/Failed'
import { TextField } from '@/ui/Field'
import { MoreRows } from '@/ui/MoreRows'
import { Notice } from '@/ui/Notice'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Sheet } from '@/ui/Sheet'
import {
  NEW_OFFER,
  type OfferDraft,
  offerDraft,
  type OfferLine,
  offerProblem,
  offersBody,
} from './offers'
import { OFFERS, useOffers, useSupplier } from './queries'

type OffersSheetProps = { supplierId: string; onClose: () => void }

/** What a supplier sells us: cost, the fewest it sends, and its packs. The plan orders by it. */
export function OffersSheet({ supplierId, onClose }: OffersSheetProps) {
  const supplier = useSupplier(supplierId)
  if (!supplier.data) {
    return (
      <Sheet title="What it sells" open onClose={onClose} className="sm:max-w-xl">
        {supplier.error ? (
          <FailedQuery query={supplier} className="min-h-60" />
        ) : (
          <RowsSkeleton rows={6} height={72} />
        )}
      </Sheet>
    )
  }
  return <Offers supplier={supplier.data} onClose={onClose} />
}

function Offers({ supplier, onClose }: { supplier: Supplier; onClose: () => void }) {
  const path = { supplier_id: supplier.supplier_id }
  const may = useMay('stock:write')
  const query = useOffers(supplier.supplier_id)
  const known = query.rows ?? []
  const [added, setAdded] = useState<OfferLine[]>([])
  const [typed, setTyped] = useState<Record<string, OfferDraft>>({})
  const lines: OfferLine[] = [
    ...added.filter(({ product_id }) => !known.some((one) => one.product_id === product_id)),
    ...known,
  ]
  const drafts = Object.entries(typed).map(([product_id, draft]) => ({ product_id, draft }))
  const save = useWrite(
    (body: ReturnType<typeof offersBody>, key) =>
      doneOf(
        api.PUT('/api/v1/suppliers/{supplier_id}/products', {
          params: { path, header: keyed(key) },
          body,
        }),
      ),
    {
      touches: [OFFERS],
      said: (_, { products }) =>
        `${counted(products.length, 'product')} of ${supplier.name} saved.`,
      onDone: onClose,
    },
  )
  const drop = useWrite(
    (product_id: string, key) =>
      doneOf(
        api.DELETE('/api/v1/suppliers/{supplier_id}/products/{product_id}', {
          params: { path: { ...path, product_id }, header: keyed(key) },
        }),
      ),
    {
      touches: [OFFERS],
      said: (_, id) =>
        `${supplier.name} does not sell ${known.find(({ product_id }) => product_id === id)?.name ?? 'it'} any more.`,
    },
  )
  function forget(product_id: string) {
    setTyped(Object.fromEntries(Object.entries(typed).filter(([id]) => id !== product_id)))
    setAdded(added.filter((one) => one.product_id !== product_id))
    if (known.some((one) => one.product_id === product_id)) drop.mutate(product_id)
  }
  return (
    <ActionSheet
      title={`What ${supplier.name} sells`}
      open
      onClose={onClose}
      onSubmit={() => save.mutate(offersBody(drafts, known))}
      act={drafts.length > 0 ? `Save ${counted(drafts.length, 'product')}` : 'Save'}
      disabled={
        !may.allowed ||
        drafts.length === 0 ||
        drafts.some(({ draft }) => offerProblem(draft) !== null)
      }
      pending={save.isPending}
      error={save.error}
      className="sm:max-w-2xl"
    >
      {!may.allowed && may.why && <Notice>{may.why}</Notice>}
      {drop.error && <Notice tone="bad">{asProblem(drop.error).message}</Notice>}
      <fieldset disabled={!may.allowed} className="space-y-4">
        <legend className="sr-only">What it sells, and on which terms</legend>
        <ProductPicker
          label="Add a product"
          taken={lines.map(({ product_id }) => product_id)}
          onPick={(product) => {
            setAdded([product, ...added])
            setTyped({ ...typed, [product.product_id]: NEW_OFFER })
          }}
        />
        {query.error && !query.rows ? (
          <FailedQuery query={query} className="min-h-40" />
        ) : query.rows === undefined ? (
          <RowsSkeleton rows={4} height={72} />
        ) : lines.length === 0 ? (
          <p className="text-muted">
            Nothing yet. Add what you buy here: the plan then orders it, in the lots it comes in.
          </p>
        ) : (
          <ul className="divide-y divide-line rounded-xl border border-line">
            {lines.map((line) => {
              const stored = known.find(({ product_id }) => product_id === line.product_id)
              return (
                <OfferRow
                  key={line.product_id}
                  line={line}
                  currency={supplier.currency}
                  draft={typed[line.product_id] ?? (stored ? offerDraft(stored) : NEW_OFFER)}
                  isTyped={line.product_id in typed}
                  onChange={(draft) => setTyped({ ...typed, [line.product_id]: draft })}
                  onDrop={() => forget(line.product_id)}
                />
              )
            })}
          </ul>
        )}
        {query.hasNextPage && <MoreRows query={query} shown={counted(known.length, 'product')} />}
      </fieldset>
    </ActionSheet>
  )
}

type OfferRowProps = {
  line: OfferLine
  currency: string
  draft: OfferDraft
  isTyped: boolean
  onChange: (draft: OfferDraft) => void
  onDrop: () => void
}

function OfferRow({ line, currency, draft, isTyped, onChange, onDrop }: OfferRowProps) {
  const wrong = isTyped ? offerProblem(draft) : null
  const field = (name: keyof OfferDraft) => ({
    value: draft[name],
    autoComplete: 'off',
    onChange: (value: string) => onChange({ ...draft, [name]: value }),
  })
  return (
    <li className="space-y-2 px-3 py-3">
      <div className="flex items-start justify-between gap-3">
        <span className="min-w-0">
          <span className="block font-medium break-words">{line.name}</span>
          <span className="block text-xs text-muted">{line.sku}</span>
        </span>
        <Button
          look="plain"
          aria-label={`${line.name} is not sold by it any more`}
          className="px-2"
          onClick={onDrop}
        >
          <Trash2 size={15} aria-hidden />
        </Button>
      </div>
      <div
        role="group"
        aria-label={`Terms of ${line.name}`}
        className="grid grid-cols-[1.7fr_1fr_1fr] gap-2"
      >
        <TextField label="Cost" inputMode="decimal" unit={currency} {...field('cost')} />
        <TextField label="At least" inputMode="numeric" {...field('min')} />
        <TextField label="Packs of" inputMode="numeric" {...field('pack')} />
      </div>
      {wrong && (
        <p role="alert" className="text-[0.8125rem] text-down">
          {wrong}
        </p>
      )}
    </li>
  )
}
