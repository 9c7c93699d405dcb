// Shows what is typed, instead of asking for it twice.

export default function showPassword(group) {
  const input = group.querySelector("input");
  const button = group.querySelector("[data-show]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    input.focus();
  });
  input.form?.addEventListener("submit", () => {
    input.type = "password"; // so that the browser offers to keep it
  });
}
