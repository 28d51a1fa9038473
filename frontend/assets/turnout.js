// Makes pages quicker to use; each of them works without it.
const { govuk } = document.querySelector("script[data-govuk]").dataset;
const {
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink, createAll,
} = await import(govuk);

document.body.classList.add("js-enabled", "govuk-frontend-supported");

createAll(Button, { preventDoubleClick: true });
for (const component of [CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink])
  createAll(component);

// A table that fits needs no stop of its own on the way through the page by keyboard.
const fits = new ResizeObserver((entries) => {
  for (const { target } of entries)
    if (target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
});
for (const region of document.querySelectorAll(".app-scroll")) fits.observe(region);

// An open menu closes by Escape, or when the focus or a click goes elsewhere.
for (const menu of document.querySelectorAll("details.app-menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  const closeUnlessInside = ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  };
  document.addEventListener("click", closeUnlessInside);
  document.addEventListener("focusin", closeUnlessInside);
}

// A register says how many are marked while one marks, and leaving it asks first while marks are not saved.
const register = document.querySelector(".app-register");
const state = register?.querySelector(".app-save__state");
if (state) {
  let unsaved = false;
  register.addEventListener("change", () => {
    unsaved = true;
    state.textContent = state.dataset.unsaved.replace("{n}", register.querySelectorAll(":checked").length);
  });
  register.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

// allauth's scripts tell of a passkey that was refused or not chosen to the console only.
document.addEventListener("allauth.error", () => {
  for (const note of document.querySelectorAll("[data-key-failed]")) note.hidden = false;
});
