import { useState } from 'react'
import { counted } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { Units } from '@/ui/Units'

type ComingLine = { id: string | number; name: string; sku: string; coming: number }
export type Arrived = { id: string | number; quantity: number }[]

export const unitsOf = (arrived: Arrived) =>
  arrived.reduce((sum, { quantity }) => sum + quantity, 0)

type ReceiveSheetProps = {
  title: string
  open: boolean
  onClose: () => void
  lines: ComingLine[]
  /** Whether more may arrive than is under way: a supplier sends too much, a transfer does not grow. */
  mayExceed?: boolean
  onReceive: (arrived: Arrived) => void
  pending: boolean
  error: unknown
}

/** What arrived of a delivery: begins with all that is still to come, so that only differences are typed. */
export function ReceiveSheet(props: ReceiveSheetProps) {
  const { title, open, onClose, lines, mayExceed, onReceive, pending, error } = props
  const [typed, setTyped] = useState<Record<string, number>>({})
  const arrived = lines
    .map(({ id, coming }) => ({ id, quantity: typed[id] ?? coming }))
    .filter(({ quantity }) => quantity > 0)
  const total = unitsOf(arrived)
  const missing = lines.reduce(
    (sum, { id, coming }) => sum + Math.max(0, coming - (typed[id] ?? coming)),
    0,
  )
  return (
    <ActionSheet
      title={title}
      open={open}
      onClose={onClose}
      onSubmit={() => onReceive(arrived)}
      act={total > 0 ? `Take in ${counted(total, 'unit')}` : 'Take them in'}
      disabled={total === 0}
      pending={pending}
      error={error}
      className="sm:max-w-xl"
    >
      <fieldset>
        <legend className="mb-1 text-[0.8125rem] font-medium">What arrived</legend>
        <ul className="divide-y divide-line rounded-xl border border-line">
          {lines.map((line) => (
            <li
              key={line.id}
              className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-3 py-2"
            >
              <span className="min-w-0 flex-1 basis-40">
                <span className="block font-medium break-words">{line.name}</span>
                <span className="num block text-xs text-muted">
                  {line.sku} · {line.coming > 0 ? `${line.coming} to come` : 'all here'}
                </span>
              </span>
              <Units
                label={`Units of ${line.name}`}
                value={typed[line.id] ?? line.coming}
                most={mayExceed ? undefined : line.coming}
                onChange={(units) => setTyped({ ...typed, [line.id]: units })}
              />
            </li>
          ))}
        </ul>
      </fieldset>
      <p className="text-[0.8125rem] text-muted">
        {missing > 0
          ? `${counted(missing, 'unit')} still to come after that.`
          : 'Nothing more to come after that.'}
      </p>
    </ActionSheet>
  )
}
