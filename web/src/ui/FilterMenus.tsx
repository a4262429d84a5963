import { SlidersHorizontal } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from './Button'
import { type Choice, ChoiceList } from './ChoiceList'
import { ChoiceMenu, Chosen } from './ChoiceMenu'
import { Sheet } from './Sheet'

export type FilterMenu = {
  /** On its button: "Channel". */
  one: string
  /** Above its choices: "Channels". */
  many: string
  choices: Choice[]
  chosen: string[]
  loaded: boolean
  onToggle: (value: string) => void
  onClear: () => void
}

type FilterMenusProps = {
  menus: FilterMenu[]
  /** Beside the menus, and on top of the phone's sheet. */
  extra?: (inSheet: boolean) => ReactNode
  onClear: () => void
}

/** Filters as menus side by side, or all in one sheet on a phone. */
export function FilterMenus({ menus, extra, onClear }: FilterMenusProps) {
  const [open, setOpen] = useState(false)
  const count = menus.reduce((sum, { chosen }) => sum + chosen.length, 0)
  return (
    <>
      <div className="hidden flex-wrap items-center gap-2 sm:flex">
        {menus.map((menu) => (
          <ChoiceMenu key={menu.many} {...menu} />
        ))}
        {extra?.(false)}
      </div>
      <Button className="sm:hidden" onClick={() => setOpen(true)}>
        <SlidersHorizontal size={16} className="text-muted" aria-hidden />
        Filters
        {count > 0 && <Chosen count={count} />}
      </Button>
      <Sheet title="Filters" open={open} onClose={() => setOpen(false)}>
        <div className="space-y-5 p-4">
          {extra?.(true)}
          {menus.map(({ many, choices, chosen, loaded, onToggle }) => (
            <div key={many}>
              <h3 className="mb-1 px-3 text-[0.8125rem] font-medium text-muted">{many}</h3>
              <ChoiceList legend={many} {...{ choices, chosen, loaded, onToggle }} />
            </div>
          ))}
        </div>
        <div className="sticky bottom-0 flex gap-2 border-t border-line bg-card p-4">
          <Button className="flex-1" disabled={count === 0} onClick={onClear}>
            Clear
          </Button>
          <Button look="solid" className="flex-1" onClick={() => setOpen(false)}>
            Done
          </Button>
        </div>
      </Sheet>
    </>
  )
}
