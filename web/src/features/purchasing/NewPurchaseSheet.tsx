import { useNavigate } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, bodyOf } from '@/client/api'
import type { components } from '@/client/schema'
import { keyed, useWrite } from '@/client/write'
import { ProductPicker } from '@/features/products/ProductPicker'
import { useLocations } from '@/features/products/queries'
import { ActionSheet } from '@/ui/ActionSheet'
import { Button } from '@/ui/Button'
import { AreaField, SelectField, TextField } from '@/ui/Field'
import { Units } from '@/ui/Units'
import { costProblem, purchaseBody, type PurchaseDraftLine } from './newPurchase'
import { PURCHASES, useSupplierNames } from './queries'

type NewPurchaseSheetProps = { supplierId?: string; onClose: () => void }

/** A draft of a purchase order by hand: nothing is on its way before it says that it is ordered. */
export function NewPurchaseSheet({ supplierId, onClose }: NewPurchaseSheetProps) {
  const navigate = useNavigate()
  const suppliers = (useSupplierNames().data ?? []).filter(({ is_active }) => is_active)
  // A marketplace's own stores come last: they are filled from ours.
  const isTheirs = ({ kind }: { kind: string }) => Number(kind === 'channel')
  const places = (useLocations().data ?? []).toSorted((a, b) => isTheirs(a) - isTheirs(b))
  const [chosen, setChosen] = useState({ supplier: supplierId ?? '', place: '' })
  const [lines, setLines] = useState<PurchaseDraftLine[]>([])
  const [expected, setExpected] = useState('')
  const [note, setNote] = useState('')
  const supplier =
    suppliers.find(({ supplier_id }) => supplier_id === chosen.supplier) ?? suppliers[0]
  const place = places.find(({ location_id }) => location_id === chosen.place) ?? places[0]
  const make = useWrite(
    (body: components['schemas']['CreatePurchaseOrder'], key) =>
      bodyOf(api.POST('/api/v1/purchase-orders', { params: { header: keyed(key) }, body })),
    {
      touches: [PURCHASES],
      said: ({ number }) => `${number} is drafted.`,
      onDone: (made) =>
        void navigate({
          to: '/purchasing/$orderId',
          params: { orderId: made.purchase_order_id },
        }),
    },
  )
  const change = (at: number, change: Partial<PurchaseDraftLine>) =>
    setLines(lines.map((line, index) => (index === at ? { ...line, ...change } : line)))
  const isWrong = lines.some(({ quantity, cost }) => quantity === 0 || costProblem(cost) !== null)
  return (
    <ActionSheet
      title="New purchase order"
      open
      onClose={onClose}
      onSubmit={() =>
        supplier &&
        place &&
        make.mutate(
          purchaseBody(supplier.supplier_id, place.location_id, { lines, expected, note }),
        )
      }
      act="Draft it"
      disabled={!supplier || !place || lines.length === 0 || isWrong}
      pending={make.isPending}
      error={make.error}
      className="sm:max-w-xl"
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Supplier"
          value={supplier?.supplier_id ?? ''}
          onChange={(next) => setChosen({ ...chosen, supplier: next })}
          options={suppliers.map(({ supplier_id, name }) => ({ value: supplier_id, label: name }))}
        />
        <SelectField
          label="Goes to"
          value={place?.location_id ?? ''}
          onChange={(next) => setChosen({ ...chosen, place: next })}
          options={places.map(({ location_id, name }) => ({ value: location_id, label: name }))}
        />
      </div>
      {lines.length > 0 && (
        <fieldset>
          <legend className="mb-1 text-[0.8125rem] font-medium">Lines</legend>
          <ul className="divide-y divide-line rounded-xl border border-line">
            {lines.map((line, at) => (
              <li key={line.product_id} className="space-y-2 px-3 py-2.5">
                <div className="flex items-start justify-between gap-3">
                  <span className="min-w-0">
                    <span className="block font-medium break-words">{line.name}</span>
                    <span className="block text-xs text-muted">{line.sku}</span>
                  </span>
                  <Button
                    look="plain"
                    aria-label={`Take ${line.name} off`}
                    className="px-2"
                    onClick={() => setLines(lines.filter((one) => one !== line))}
                  >
                    <Trash2 size={15} aria-hidden />
                  </Button>
                </div>
                <div className="flex flex-wrap items-start justify-between gap-3">
                  <Units
                    label={`Units of ${line.name}`}
                    value={line.quantity}
                    onChange={(quantity) => change(at, { quantity })}
                  />
                  <TextField
                    label={`Cost of a unit of ${line.name}`}
                    hideLabel
                    inputMode="decimal"
                    autoComplete="off"
                    placeholder="As agreed"
                    unit={supplier?.currency}
                    className="w-40"
                    value={line.cost}
                    onChange={(cost) => change(at, { cost })}
                    error={costProblem(line.cost)}
                  />
                </div>
              </li>
            ))}
          </ul>
          <p className="mt-1 text-xs text-muted">
            A cost that is left empty is what the supplier asks, or else what the product costs.
          </p>
        </fieldset>
      )}
      <ProductPicker
        label="Add a product"
        taken={lines.map(({ product_id }) => product_id)}
        onPick={(product) => setLines([...lines, { ...product, quantity: 1, cost: '' }])}
      />
      <TextField label="Expected (optional)" type="date" value={expected} onChange={setExpected} />
      <AreaField
        label="Note (optional)"
        rows={2}
        maxLength={2000}
        value={note}
        onChange={setNote}
      />
    </ActionSheet>
  )
}
