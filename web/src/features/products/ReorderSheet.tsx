import { useState } from 'react'
import { api, bodyOf, type Level } from '@/client/api'
import { keyed, useWrite } from '@/client/write'
import { ActionSheet } from '@/ui/ActionSheet'
import { TextField } from '@/ui/Field'
import { STOCK } from './queries'

export function ReorderSheet(props: { level: Level; name: string; onClose: () => void }) {
  const { level, name, onClose } = props
  const [typed, setTyped] = useState(
    level.reorder_point === null ? '' : String(level.reorder_point),
  )
  const text = typed.trim()
  const wrong = text !== '' && !/^\d{1,9}$/.test(text)
  const save = useWrite(
    (reorder_point: number | null, key) =>
      bodyOf(
        api.PUT('/api/v1/inventory/reorder-point', {
          params: { header: keyed(key) },
          body: { product_id: level.product_id, location_id: level.location_id, reorder_point },
        }),
      ),
    { touches: [STOCK], said: 'The reorder point is changed.', onDone: onClose },
  )
  return (
    <ActionSheet
      title={`Reorder point at ${name}`}
      open
      onClose={onClose}
      onSubmit={() => save.mutate(text === '' ? null : Number(text))}
      act="Save"
      disabled={wrong}
      pending={save.isPending}
      error={save.error}
    >
      <TextField
        label="Reorder at"
        inputMode="numeric"
        unit="units"
        value={typed}
        onChange={setTyped}
        hint="With fewer available it counts as low. Empty: the store’s usual number."
        error={wrong ? 'A whole number of units.' : null}
      />
    </ActionSheet>
  )
}
