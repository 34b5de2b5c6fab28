// Elements out of names and text. Strings become text, never markup: records may hold anything.

export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

// A labelled choice; `choose` gets the value.
export function select(label, options, value, choose) {
  const control = el("select", { onchange: () => choose(control.value) },
    options.map((option) => {
      const [key, text] = Array.isArray(option) ? option : [option, option];
      return el("option", { value: key, selected: key === value }, text);
    }));
  return el("label", { class: "control" }, el("span", {}, label), control);
}

// Buttons of which one is pressed.
export function segments(label, options, value, choose) {
  const buttons = options.map(([key, text]) => el("button", {
    type: "button",
    "aria-pressed": String(key === value),
    onclick: () => {
      for (const [i, [other]] of options.entries()) buttons[i].setAttribute("aria-pressed", String(other === key));
      choose(key);
    },
  }, text));
  return el("div", { class: "segments", role: "group", "aria-label": label }, buttons);
}
