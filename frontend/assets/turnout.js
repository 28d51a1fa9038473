// Makes pages quicker to use; each of them works without it.
const { govuk } = document.querySelector("script[data-govuk]").dataset;
const {
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation,
  SkipLink, createAll,
} = await import(govuk);

document.body.classList.add("js-enabled", "govuk-frontend-supported");

createAll(Button, { preventDoubleClick: true });
for (const component of [
  CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink,
])
  createAll(component);

// What a single choice reveals is said by where it stands: ARIA knows no aria-expanded on a radio, and axe refuses it.
const plain = () => {
  for (const radio of document.querySelectorAll("[type=radio][aria-expanded]")) radio.removeAttribute("aria-expanded");
};
plain();
document.addEventListener("click", plain);

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

// What a row opens is fetched when it is opened; if it cannot be, the link that stands there leads to it.
for (const opened of document.querySelectorAll("details[data-from]"))
  opened.addEventListener("toggle", async () => {
    if (!opened.open || !opened.dataset.from) return;
    const answer = await fetch(opened.dataset.from, { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    delete opened.dataset.from;
    const fetched = document.createElement("div");
    fetched.innerHTML = await answer.text();
    opened.replaceChildren(opened.querySelector("summary"), fetched);
  });

// What a register kept on this device for want of network (register.js) goes 48 hours after.
if ("caches" in window) {
  const keepers = (await caches.keys()).filter((name) => name.startsWith("register "));
  const old = keepers.filter((name) => Number(name.split(" ").at(-1)) < Date.now() - 48 * 3_600_000);
  await Promise.all(old.map((name) => caches.delete(name)));
  if (old.length && old.length === keepers.length) {
    indexedDB.deleteDatabase("register");
    for (const key of Object.keys(localStorage)) if (key.startsWith("unsent ")) localStorage.removeItem(key);
  }
}

// Signing out clears the device of it, so marks that are not sent yet are asked about.
for (const way of document.querySelectorAll("form[data-signs-out]"))
  way.addEventListener("submit", (event) => {
    const unsent = Object.keys(localStorage).filter((key) => key.startsWith("unsent "))
      .reduce((sum, key) => sum + Number(localStorage[key]), 0);
    const marks = unsent === 1 ? "1 mark is" : `${unsent} marks are`;
    const them = unsent === 1 ? "it" : "them";
    const question = `${marks} not sent yet, and signing out removes ${them} from this device. Sign out all the same?`;
    if (unsent && !confirm(question)) event.preventDefault();
  });

// allauth's scripts tell of a passkey that was refused or not chosen to the console only.
document.addEventListener("allauth.error", () => {
  for (const note of document.querySelectorAll("[data-key-failed]")) note.hidden = false;
});
