import { ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { Button } from './Button'
import { type Choice, ChoiceList } from './ChoiceList'

type ChoiceMenuProps = {
  /** On the button: "Channel". */
  one: string
  /** In the menu: "Channels". */
  many: string
  choices: Choice[]
  chosen: string[]
  loaded: boolean
  onToggle: (value: string) => void
  onClear: () => void
}

/** A filter with any number of values. */
export function ChoiceMenu(props: ChoiceMenuProps) {
  const { one, many, choices, chosen, loaded, onToggle, onClear } = props
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button>
          {one}
          {chosen.length > 0 && <Chosen count={chosen.length} />}
          <ChevronDown size={15} className="text-muted" aria-hidden />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={12}
          aria-label={many}
          className="z-30 w-64 rounded-xl border border-line bg-card p-1.5 shadow-raised"
        >
          <ChoiceList
            legend={many}
            choices={choices}
            chosen={chosen}
            loaded={loaded}
            onToggle={onToggle}
          />
          {chosen.length > 0 && (
            <Button look="plain" className="mt-1 w-full" onClick={onClear}>
              All {many.toLowerCase()}
            </Button>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** How many are chosen, in a dot. */
export function Chosen({ count }: { count: number }) {
  return (
    <span className="num grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1 text-xs text-on-accent">
      {count}
      <span className="sr-only"> chosen</span>
    </span>
  )
}
