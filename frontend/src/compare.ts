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
    // One pointer moves the pictures; two, which go apart or together, zoom them.
    const pointers = new Map<number, { x: number; y: number }>();
    let moved = false;
    const within = (at: { x: number; y: number }) => {
      const area = frame.getBoundingClientRect();
      return [(at.x - area.left) / area.width, (at.y - area.top) / area.height] as const;
    };
    const held = () => {
      const [one, other = one] = [...pointers.values()];
      return { x: (one!.x + other!.x) / 2, y: (one!.y + other!.y) / 2, apart: Math.hypot(one!.x - other!.x, one!.y - other!.y) };
    };
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomTo(zoom * (event.deltaY < 0 ? 1.2 : 1 / 1.2), ...within(event));
    }, { passive: false });
    frame.addEventListener("pointerdown", (event) => {
      if (!pointers.size) moved = false;
      if (pointers.size < 2) pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    frame.addEventListener("pointermove", (event) => {
      if (!pointers.has(event.pointerId)) return;
      const before = held();
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (zoom === 1 && pointers.size < 2) return;
      const [now, area] = [held(), frame.getBoundingClientRect()];
      x += (now.x - before.x) / area.width;
      y += (now.y - before.y) / area.height;
      moved = true;
      if (before.apart > 0 && now.apart > 0) zoomTo(zoom * (now.apart / before.apart), ...within(now));
      else show();
    });
    for (const end of ["pointerup", "pointerleave", "pointercancel"] as const) {
      frame.addEventListener(end, (event) => pointers.delete(event.pointerId));
    }
    frame.addEventListener("click", (event) => {
      // By key there is no pointer that has moved.
      if (moved && event.detail > 0) event.preventDefault();
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
