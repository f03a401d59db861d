"""What tests in a browser ask of a page."""


def current(figure):
    # A picture is loaded when it comes near.
    figure.scroll_into_view_if_needed()
    figure.page.wait_for_function(
        "f => { const i = f.querySelector('img'); return i.complete && i.naturalWidth }",
        arg=figure.element_handle(),
    )
    return figure.locator("img").evaluate("i => [i.src, i.alt]")


def pass_by(page):
    """Have all figures that ask first show their pictures, as somebody does who only wants to read."""
    page.evaluate("""for (const { lastChild } of document.querySelectorAll(".ask[data-guess] form"))
        if (lastChild.type === "button") lastChild.click()""")


def fits(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("document.documentElement.scrollWidth") <= width


def colour(page, selector, name):
    return page.locator(selector).first.evaluate(f"e => getComputedStyle(e).{name}")
