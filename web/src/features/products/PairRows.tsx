import { Plus, X } from 'lucide-react'
import { Button } from '@/ui/Button'
import { TextField } from '@/ui/Field'

/** Two texts that belong together: a name, and what it is for. */
export type Pair = { name: string; value: string }

type PairRowsProps = {
  legend: string
  /** One of them: "attribute". */
  one: string
  /** What the second text is: "Value". */
  second: string
  examples: Pair
  pairs: Pair[]
  onChange: (pairs: Pair[]) => void
  error: string | null | undefined
}

/** Any number of named texts, a row for each: attributes with their value, options with their values. */
export function PairRows(props: PairRowsProps) {
  const { legend, one, second, examples, pairs, onChange, error } = props
  const change = (index: number, next: Partial<Pair>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...next } : pair)))
  return (
    <fieldset className="sm:col-span-2">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">{legend}</legend>
      {pairs.length > 0 && (
        <ul className="mb-2 space-y-2">
          {pairs.map(({ name, value }, index) => {
            const called = name || `${one} ${index + 1}`
            return (
              <li key={index} className="flex items-start gap-2">
                <TextField
                  label={`Name of ${one} ${index + 1}`}
                  hideLabel
                  placeholder={examples.name}
                  className="flex-1"
                  value={name}
                  onChange={(text) => change(index, { name: text })}
                />
                <TextField
                  label={`${second} of ${called}`}
                  hideLabel
                  placeholder={examples.value}
                  className="flex-[2]"
                  value={value}
                  onChange={(text) => change(index, { value: text })}
                />
                <Button
                  look="plain"
                  aria-label={`Remove ${called}`}
                  className="mt-0.5 px-2"
                  onClick={() => onChange(pairs.filter((_, at) => at !== index))}
                >
                  <X size={16} aria-hidden />
                </Button>
              </li>
            )
          })}
        </ul>
      )}
      {error && (
        <p role="alert" className="mb-2 text-[0.8125rem] text-down">
          {error}
        </p>
      )}
      <Button onClick={() => onChange([...pairs, { name: '', value: '' }])}>
        <Plus size={15} aria-hidden /> Add an {one}
      </Button>
    </fieldset>
  )
}
