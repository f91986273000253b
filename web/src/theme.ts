// Runs before the first paint: takes the stored theme, so that a light page never flashes dark. Nothing else
// may live here, because the browser waits for it.
try {
  const theme = localStorage.getItem("karvon.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.bsTheme = theme;
} catch {
  // Storage is switched off: the server's theme stays.
}
document.documentElement.classList.add("has-js");
