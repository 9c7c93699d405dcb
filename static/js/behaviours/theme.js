// Day, night, or as the system says.

const KEY = "imperio:theme";

export default function theme(element) {
  const buttons = element.querySelectorAll("[data-theme-choice]");
  const show = () => {
    const chosen = localStorage.getItem(KEY) ?? "";
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  };
  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    if (button.dataset.themeChoice) localStorage.setItem(KEY, button.dataset.themeChoice);
    else localStorage.removeItem(KEY);
    show();
  });
  addEventListener("storage", (event) => event.key === KEY && show());
  show();
}
