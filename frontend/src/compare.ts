/** Before and after: both pictures are zoomed and moved alike, by buttons, keys, wheel or pointer. */
export function compare(box: HTMLElement) {
  const frames = [...box.querySelectorAll<HTMLElement>("a")];
  const pictures = frames.map((frame) => frame.querySelector("img")).filter((picture) => picture !== null);
  if (pictures.length < 2) return;
  let zoom = 1, x = 0, y = 0;

  const show = () => {
    // Nothing beyond the edges comes into sight.
    x = Math.min(0, Math.max(x, 1 - zoom));
    y = Math.min(0, Math.max(y, 1 - zoom));
    for (const picture of pictures) picture.style.transform = `translate(${x * 100}%, ${y * 100}%) scale(${zoom})`;
    box.classList.toggle("zoomed", zoom > 1);
  };
  const zoomTo = (to: number, atX = 0.5, atY = 0.5) => {
    const next = Math.min(8, Math.max(1, to));
    x = atX - ((atX - x) / zoom) * next;
    y = atY - ((atY - y) / zoom) * next;
    zoom = next;
    show();
  };

  const buttons = document.createElement("div");
  buttons.className = "actions";
  for (const [text, by] of [["＋", 1.5], ["－", 1 / 1.5]] as const) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", by > 1 ? box.dataset.zoomIn ?? text : box.dataset.zoomOut ?? text);
    button.addEventListener("click", () => zoomTo(zoom * by));
    buttons.append(button);
  }
  box.after(buttons);

  for (const frame of frames) {
    let from: { x: number; y: number; moved: boolean } | undefined;
    const within = (event: MouseEvent) => {
      const area = frame.getBoundingClientRect();
      return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height] as const;
    };
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomTo(zoom * (event.deltaY < 0 ? 1.2 : 1 / 1.2), ...within(event));
    }, { passive: false });
    frame.addEventListener("pointerdown", (event) => {
      if (zoom > 1) from = { x: event.clientX, y: event.clientY, moved: false };
    });
    frame.addEventListener("pointermove", (event) => {
      if (!from) return;
      const area = frame.getBoundingClientRect();
      x += (event.clientX - from.x) / area.width;
      y += (event.clientY - from.y) / area.height;
      from = { x: event.clientX, y: event.clientY, moved: true };
      show();
    });
    for (const end of ["pointerup", "pointerleave", "pointercancel"] as const) {
      frame.addEventListener(end, () => setTimeout(() => (from = undefined)));
    }
    frame.addEventListener("click", (event) => {
      if (from?.moved) event.preventDefault();
    });
    frame.addEventListener("dragstart", (event) => event.preventDefault());
    frame.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
      if (event.key === "+" || event.key === "=") zoomTo(zoom * 1.5);
      else if (event.key === "-") zoomTo(zoom / 1.5);
      else if (step && zoom > 1) {
        x += step[0]!;
        y += step[1]!;
        show();
      } else return;
      event.preventDefault();
    });
  }
}
