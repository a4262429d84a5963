import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { moveCursor } from './plot'

type CursorOf = {
  name: string
  count: number
  indexAt: (x: number) => number
  /** What a screen reader says of a place. */
  speak: (index: number) => string
}

/**
 * A cursor over a chart that follows the pointer, the finger or the arrow keys. To a screen reader the chart is a
 * slider that speaks each value.
 */
export function useCursor({ name, count, indexAt, speak }: CursorOf) {
  const [wanted, setCursor] = useState<number | null>(null)
  const cursor = wanted !== null && wanted < count ? wanted : null
  const spoken = cursor ?? count - 1

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && cursor !== null) setCursor(null)
    else {
      const next = moveCursor(event.key, cursor, count)
      if (next === null) return
      setCursor(next)
    }
    event.preventDefault()
  }
  function onPointer(event: PointerEvent<HTMLDivElement>) {
    setCursor(indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left))
  }

  const slider = {
    role: 'slider',
    tabIndex: 0,
    'aria-label': `${name}, use the arrow keys to read each value`,
    'aria-valuemin': 1,
    'aria-valuemax': Math.max(1, count),
    'aria-valuenow': spoken + 1,
    'aria-valuetext': speak(spoken),
    onKeyDown,
    onPointerDown: onPointer,
    onPointerMove: onPointer,
    onPointerLeave: () => setCursor(null),
    onBlur: () => setCursor(null),
    className: 'relative touch-pan-y rounded-lg select-none',
  }
  return { cursor, slider }
}
