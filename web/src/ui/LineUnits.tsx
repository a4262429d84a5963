import { Units } from './Units'
import type { LineChoice } from '@/lib/useUnits'

type LineUnitsProps = {
  legend: string
  lines: LineChoice[]
  onChange: (line_no: number, units: number) => void
}

/** How many of each line. */
export function LineUnits({ legend, lines, onChange }: LineUnitsProps) {
  return (
    <fieldset>
      <legend className="mb-1 text-[0.8125rem] font-medium">{legend}</legend>
      <ul className="divide-y divide-line rounded-xl border border-line">
        {lines.map((line) => (
          <li
            key={line.line_no}
            className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-3 py-2"
          >
            <span className="min-w-0 flex-1 basis-40">
              <span className="block font-medium break-words">{line.name}</span>
              {line.sku && <span className="block text-xs text-muted">{line.sku}</span>}
            </span>
            <Units
              label={`Units of ${line.name}`}
              value={line.units}
              most={line.most}
              onChange={(units) => onChange(line.line_no, units)}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  )
}
