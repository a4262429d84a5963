import { Search } from 'lucide-react'
import { useId, useState } from 'react'
import { count } from '@/lib/format'

/** Something to tick; `count` says how many things it stands for. */
export type Choice = { value: string; label: string; count?: number }

type ChoiceListProps = {
  legend: string
  choices: Choice[]
  chosen: string[]
  loaded: boolean
  onToggle: (value: string) => void
}

const SEARCH_FROM = 9

/** Checkboxes, with a search when there are many. Shared by the menus and the phone's sheet. */
export function ChoiceList({ legend, choices, chosen, loaded, onToggle }: ChoiceListProps) {
  const [sought, setSought] = useState('')
  const name = useId()
  const matches = choices.filter(({ label }) => label.toLowerCase().includes(sought.toLowerCase()))
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{legend}</legend>
      {choices.length >= SEARCH_FROM && (
        <label className="m-1 flex h-9 items-center gap-2 rounded-lg bg-sunk px-2.5 text-muted">
          <Search size={15} aria-hidden />
          <input
            type="search"
            value={sought}
            placeholder="Search"
            aria-label={`Search ${legend.toLowerCase()}`}
            onChange={(event) => setSought(event.target.value)}
            className="min-w-0 flex-1 bg-transparent text-ink outline-none pointer-coarse:text-base"
          />
        </label>
      )}
      <ul className="max-h-64 overflow-y-auto overscroll-contain">
        {matches.map(({ value, label, count: hits }) => (
          <li key={value}>
            <label className="flex h-9 cursor-pointer items-center gap-2.5 rounded-lg px-3 hover:bg-sunk has-focus-visible:bg-sunk pointer-coarse:h-11">
              <input
                type="checkbox"
                name={name}
                checked={chosen.includes(value)}
                onChange={() => onToggle(value)}
                className="size-4 accent-accent"
              />
              <span className="truncate">{label}</span>
              {hits !== undefined && (
                <span className="num ml-auto text-xs text-muted">{count(hits)}</span>
              )}
            </label>
          </li>
        ))}
      </ul>
      {matches.length === 0 && (
        <p className="px-3 py-2 text-muted">
          {sought ? `Nothing like “${sought}”.` : loaded ? 'None yet.' : 'Not loaded yet.'}
        </p>
      )}
    </fieldset>
  )
}
