// Not a module: it must have run before the first paint, or a chosen theme would flash.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('cairn.theme');
  } catch {
    // Without storage the system's theme is used.
  }
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
})();
