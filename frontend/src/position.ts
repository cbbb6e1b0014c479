/** A group of fields that the phone's position can fill; a map beside them follows. Without a position they are left empty or written by hand. */
export function takePosition(group: HTMLElement) {
  const button = group.querySelector("button")!;
  const status = group.querySelector<HTMLElement>("[role=status]")!;
  const fill = (name: string, value: string) => {
    const field = group.querySelector<HTMLInputElement | HTMLSelectElement>(`[name=${name}]`);
    if (!field) return;
    field.value = value;
    field.dispatchEvent(new Event("change"));
  };
  const { waiting = "", found = "", failed = "" } = group.dataset;
  // Browsers give positions to secure pages only.
  if (!navigator.geolocation || !window.isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        fill("datum", "WGS84");
        fill("lng", coords.longitude.toFixed(7));
        fill("lat", coords.latitude.toFixed(7));
        fill("accuracy", String(Math.round(coords.accuracy)));
        status.textContent = found.replace("{metres}", String(Math.round(coords.accuracy)));
      },
      () => { status.textContent = failed; },
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 10_000 },
    );
  });
}
