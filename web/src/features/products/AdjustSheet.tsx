import { useState } from 'react'
import { api, bodyOf, type Adjustment, type Level, type Product } from '@/client/api'
import { keyed, useWrite } from '@/client/write'
import { count, signed } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { SelectField, TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { ADJUST_REASONS, adjustProblem, type AdjustReason, deltaOf } from './adjust'
import { STOCK, useLocations } from './queries'

type AdjustSheetProps = { open: boolean; onClose: () => void; product: Product; levels: Level[] }

/** Books units in or out. Says what was believed to be there, so that nobody's sale is booked over. */
export function AdjustSheet({ open, onClose, product, levels }: AdjustSheetProps) {
  const locations = useLocations(open).data ?? []
  const [where, setWhere] = useState('')
  const [reason, setReason] = useState<AdjustReason>('count')
  const [typed, setTyped] = useState('')
  const [note, setNote] = useState('')
  const location = where || levels[0]?.location_id || locations[0]?.location_id || ''
  const level = levels.find(({ location_id }) => location_id === location)
  const onHand = level?.on_hand ?? 0
  const delta = deltaOf(reason, typed, onHand)
  const wrong = adjustProblem(reason, typed, onHand)
  const adjust = useWrite(
    (body: Adjustment, key) =>
      bodyOf(api.POST('/api/v1/inventory/adjust', { params: { header: keyed(key) }, body })),
    {
      touches: [STOCK],
      said: (now) => `${count(now.on_hand)} on hand at ${now.location} now.`,
      onDone: () => {
        setTyped('')
        setNote('')
        onClose()
      },
    },
  )
  const about = ADJUST_REASONS.find(({ value }) => value === reason)?.about
  return (
    <ActionSheet
      title={`Adjust the stock of ${product.sku ?? product.name}`}
      open={open}
      onClose={onClose}
      onSubmit={() =>
        delta !== null &&
        adjust.mutate({
          product_id: product.product_id,
          location_id: location,
          delta,
          reason,
          expected_on_hand: level?.is_counted ? onHand : null,
          note: note.trim() || null,
        })
      }
      act={delta && !wrong ? `Book ${signed(delta)}` : 'Book it'}
      disabled={wrong !== null || !location}
      pending={adjust.isPending}
      error={adjust.error}
    >
      <SelectField
        label="Location"
        value={location}
        onChange={setWhere}
        options={locations.map(({ location_id, name }) => ({ value: location_id, label: name }))}
      />
      <SelectField
        label="What happened"
        value={reason}
        onChange={(value) => setReason(value as AdjustReason)}
        options={ADJUST_REASONS}
        hint={about}
      />
      <TextField
        label={reason === 'count' ? 'Counted' : 'Units'}
        inputMode={reason === 'adjustment' ? 'text' : 'numeric'}
        autoComplete="off"
        unit="units"
        value={typed}
        onChange={setTyped}
        error={typed.trim() ? wrong : null}
      />
      <TextField label="Note (optional)" maxLength={500} value={note} onChange={setNote} />
      <Notice>
        <p className="num">
          On hand: <b>{count(onHand)}</b>
          {delta !== null && !wrong && (
            <>
              {' '}
              → <b>{count(onHand + delta)}</b>{' '}
              <span className={delta > 0 ? 'text-up' : 'text-down'}>({signed(delta)})</span>
            </>
          )}
        </p>
        <p className="text-xs text-muted">
          The ledger keeps every booking: a wrong one is corrected by another.
        </p>
      </Notice>
    </ActionSheet>
  )
}
