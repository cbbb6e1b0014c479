/** A group of fields that the phone's position can fill. Without a position they are left empty or written by hand. */
export function takePosition(group: HTMLElement) {
  const button = group.querySelector("button")!;
  const status = group.querySelector<HTMLElement>("[role=status]")!;
  const field = (name: string) => group.querySelector<HTMLInputElement>(`[name=${name}]`)!;
  const { waiting = "", found = "", failed = "" } = group.dataset;
  if (!navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field("lng").value = coords.longitude.toFixed(7);
        field("lat").value = coords.latitude.toFixed(7);
        field("accuracy").value = String(Math.round(coords.accuracy));
        status.textContent = found.replace("{metres}", String(Math.round(coords.accuracy)));
      },
      () => { status.textContent = failed; },
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 10_000 },
    );
  });
}
