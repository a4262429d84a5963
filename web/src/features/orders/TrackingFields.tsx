import { useId } from 'react'
import { TextField } from '@/ui/Field'
import { CARRIERS, type TrackingTyped, urlProblem } from './tracking'

type TrackingFieldsProps = { value: TrackingTyped; onChange: (value: TrackingTyped) => void }

export function TrackingFields({ value, onChange }: TrackingFieldsProps) {
  const list = useId()
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label="Carrier"
        list={list}
        maxLength={100}
        value={value.carrier}
        onChange={(carrier) => onChange({ ...value, carrier })}
      />
      <datalist id={list}>
        {CARRIERS.map((carrier) => (
          <option key={carrier} value={carrier} />
        ))}
      </datalist>
      <TextField
        label="Tracking number"
        maxLength={128}
        autoComplete="off"
        spellCheck={false}
        value={value.number}
        onChange={(number) => onChange({ ...value, number })}
      />
      <TextField
        label="Tracking address (optional)"
        className="sm:col-span-2"
        type="url"
        inputMode="url"
        placeholder="https://"
        maxLength={1000}
        value={value.url}
        onChange={(url) => onChange({ ...value, url })}
        error={urlProblem(value.url)}
      />
    </div>
  )
}
