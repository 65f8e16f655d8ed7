/// What stands around every page.
enum Layout {
    static func wrapping(_ page: String) -> String {
        "{{<layout}}{{$main}}{{#page}}\n" + page + "\n{{/page}}{{/main}}{{/layout}}"
    }

    static let partials = ["layout": layout, "token": token, "tabs": tabs]

    private static let token = #"<input type="hidden" name="form_token" value="{{chrome.formToken}}">"#

    private static let tabs = """
        {{#chrome.head}}
        <div class="person-head">
        {{#.crumb}}<p class="crumb"><a href="{{.path}}">{{.label}}</a></p>{{/.crumb}}
        <h1>{{.name}}</h1>
        <p class="sub">{{.detail}}</p>
        </div>
        <nav class="tabs" aria-label="{{.name}}">
        <ul>
        {{#.tabs}}<li><a href="{{.path}}"{{#.isCurrent}} aria-current="page"{{/.isCurrent}}>{{.label}}\
        {{#.count}} <span class="count">{{.}}</span>{{/.count}}</a></li>
        {{/.tabs}}
        </ul>
        </nav>
        {{/chrome.head}}
        """

    private static let layout = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        {{#chrome.refresh}}<meta http-equiv="refresh" content="{{.}}">
        {{/chrome.refresh}}
        <title>{{chrome.title}} · Anchorpoint</title>
        <link rel="stylesheet" href="{{chrome.stylesheet}}">
        {{#chrome.script}}<script src="{{.}}" defer></script>
        {{/chrome.script}}
        <link rel="icon" href="/favicon.svg" type="image/svg+xml">
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="site">
        <div class="wrap">
        <a class="brand" href="/"><svg aria-hidden="true" viewBox="0 0 32 32" width="26" height="26">\
        <circle cx="16" cy="7.5" r="3.5"/><path d="M16 11v17M10 15h12M5 19c.6 5.400 5 9 11 9s10.400-3.600 11-9"/></svg>\
        <span>Anchorpoint</span></a>
        {{#chrome.isOperator}}
        <nav class="site" aria-label="Anchorpoint"><a href="/people">People</a> <a href="/applications">Applications</a> <a href="/guides">Guide services</a></nav>
        {{/chrome.isOperator}}
        {{#chrome.isSignedIn}}
        <form method="post" action="/sign-out">{{>token}}<button class="quiet">Sign out</button></form>
        {{/chrome.isSignedIn}}
        </div>
        </header>
        <main id="main" class="wrap" tabindex="-1">
        {{>tabs}}
        {{#chrome.notice}}<p class="notice" role="status">{{.}}</p>{{/chrome.notice}}
        {{$main}}{{/main}}
        </main>
        <footer class="site"><div class="wrap"><p>Anchorpoint shows times as they stand in the calendars it reads. \
        Where it does not know, it says busy.</p></div></footer>
        </body>
        </html>
        """
}
