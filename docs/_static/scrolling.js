// What is wider than the page scrolls, and can then be reached by keys.

const wide = document.querySelectorAll("pre, .formula, .table-wrapper");

function reach() {
    for (const element of wide) {
        if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
        else element.removeAttribute("tabindex");
    }
}

addEventListener("resize", reach);
reach();
