// Runs before the first paint, so a dark page never flashes white. A file of its own, so the
// content security policy needs no 'unsafe-inline'. src/lib/theme.ts takes over from here.
;(function () {
  var choice = null
  try {
    choice = localStorage.getItem('tradewind.theme')
  } catch {
    // Storage is blocked: follow the system.
  }
  var dark =
    choice === 'dark' ||
    (choice !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
