import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { api, bodyOf, type Product } from '@/client/api'
import { useStore, useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { useMay } from '@/features/session/me'
import { plainAmount } from '@/lib/amount'
import { dayOf, money } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { PRODUCTS } from './queries'

type Editing = { currency: string; isNew: boolean } | null

/** What the product costs in each currency, with what buyers must be told about a lowered price. */
export function PricesCard({ product }: { product: Product }) {
  const may = useMay('catalog:write')
  const store = useStore()
  const zone = useZone()
  const [editing, setEditing] = useState<Editing>(null)
  const { prices } = product
  const fresh = prices.length === 0 ? (store.data?.currency ?? '') : ''
  return (
    <Card
      title="Prices"
      actions={
        <ActionButton may={may} onClick={() => setEditing({ currency: fresh, isNew: true })}>
          <Plus size={15} aria-hidden /> Add
        </ActionButton>
      }
    >
      {prices.length === 0 && (
        <p className="px-4 pt-1 pb-4 text-muted sm:px-5">
          No price yet: without one it cannot be sold.
        </p>
      )}
      <ul className="divide-y divide-line pb-1">
        {prices.map((price) => (
          <li key={price.currency} className="flex items-center gap-3 px-4 py-2.5 sm:px-5">
            <div className="num min-w-0 flex-1">
              <span className="text-base font-semibold">{money(price.price, price.currency)}</span>{' '}
              <span className="text-xs text-muted">{price.currency}</span>
              {price.lowest_price_30_days !== null && (
                <span className="block text-xs text-muted">
                  Lowest price of the 30 days before:{' '}
                  {money(price.lowest_price_30_days, price.currency)}
                  {price.reduced_at && ` · lowered ${dayOf(price.reduced_at, zone)}`}
                </span>
              )}
            </div>
            <ActionButton
              may={may}
              aria-label={`Change the price in ${price.currency}`}
              onClick={() => setEditing({ currency: price.currency, isNew: false })}
            >
              Change
            </ActionButton>
          </li>
        ))}
      </ul>
      {editing && (
        <PriceSheet
          key={editing.currency}
          product={product}
          editing={editing}
          onClose={() => setEditing(null)}
        />
      )}
    </Card>
  )
}

type PriceSheetProps = { product: Product; editing: NonNullable<Editing>; onClose: () => void }

function PriceSheet({ product, editing, onClose }: PriceSheetProps) {
  const client = useQueryClient()
  const [currency, setCurrency] = useState(editing.currency)
  const now = product.prices.find((price) => price.currency === currency)
  const [typed, setTyped] = useState(now ? String(now.price) : '')
  const amount = plainAmount(typed)
  const isCurrency = /^[A-Za-z]{3}$/.test(currency)
  const path = { product_id: product.product_id, currency: currency.toUpperCase() }
  const options = {
    touches: [PRODUCTS],
    onDone: (saved: Product) => {
      client.setQueryData(['products', saved.product_id], saved)
      onClose()
    },
  }
  const save = useWrite(
    ({ price, version }: { price: string; version: number }, key) =>
      bodyOf(
        api.PUT('/api/v1/products/{product_id}/prices/{currency}', {
          params: { path, header: keyed(key, version) },
          body: { price },
        }),
      ),
    { ...options, said: `The price in ${path.currency} is changed.` },
  )
  const remove = useWrite(
    (version: number, key) =>
      bodyOf(
        api.DELETE('/api/v1/products/{product_id}/prices/{currency}', {
          params: { path, header: keyed(key, version) },
        }),
      ),
    { ...options, said: `There is no price in ${path.currency} any more.` },
  )
  const lowered = now && amount !== null && Number(amount) < now.price
  return (
    <ActionSheet
      title={editing.isNew ? 'Add a price' : `Price in ${editing.currency}`}
      open
      onClose={onClose}
      onSubmit={() => amount && save.mutate({ price: amount, version: product.version })}
      act="Save the price"
      disabled={amount === null || !isCurrency}
      pending={save.isPending || remove.isPending}
      error={save.error ?? remove.error}
    >
      {editing.isNew && (
        <TextField
          label="Currency"
          maxLength={3}
          placeholder="EUR"
          value={currency}
          onChange={(value) => setCurrency(value.toUpperCase())}
          hint="Three letters, like EUR, USD or GBP."
          error={currency.length === 3 && !isCurrency ? 'Three letters.' : null}
        />
      )}
      <TextField
        label="Price"
        inputMode="decimal"
        autoComplete="off"
        unit={currency || undefined}
        value={typed}
        onChange={setTyped}
        error={typed.trim() && amount === null ? 'Write an amount, like 12.50.' : null}
      />
      {lowered && (
        <Notice tone="accent">
          The lowest price of the 30 days before stands beside a lowered price, as buyers must be
          told. It is worked out from the history of prices.
        </Notice>
      )}
      {!editing.isNew && (
        <Button
          look="plain"
          disabled={save.isPending || remove.isPending}
          onClick={() => remove.mutate(product.version)}
        >
          Take the price in {currency} away
        </Button>
      )}
    </ActionSheet>
  )
}
