internal import HTTPTypes
internal import PageKit

/// The frame of every page.
enum SandboxPage {
    static func answer(_ title: String, _ body: HTML, base: String, status: HTTPResponse.Status = .ok) -> Answer {
        let page: HTML = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(title) · provider-sandbox</title><link rel="stylesheet" href="\(base)/style.css"></head>
            <body><main><h1>\(title)</h1>
            \(body)
            <p class="sub"><a href="\(base)/">Everybody and all switches</a> · pretend calendars, for trying things out</p>
            </main></body></html>
            """
        return .html(page.text, status: status)
    }

    static let style = BaseStyles.text + "main{max-width:60rem;margin:0 auto;padding:2rem 1rem;width:100%}"
}
