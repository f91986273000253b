// Says that the network is gone, and stops saying it when it is back.

export function network(): void {
  const bar = document.getElementById("offline");
  if (!bar) return;
  const show = () => {
    bar.hidden = navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
