// What is wider than the page scrolls, and can then be reached by keys.

const sizes = new ResizeObserver((changed) => {
    for (const { target } of changed) {
        if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
        else target.removeAttribute("tabindex");
    }
});
for (const element of document.querySelectorAll("pre, .formula, .table-wrapper")) sizes.observe(element);
