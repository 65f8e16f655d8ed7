import PageKit

/// Parts of forms: every field has a label, and a hint that is tied to it.
enum Fields {
    static func token(_ visit: GuideVisit) -> HTML {
        "<input type=\"hidden\" name=\"form_token\" value=\"\(visit.formToken)\">"
    }

    static func hidden(_ name: String, _ value: String) -> HTML {
        "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">"
    }

    static func input(
        _ name: String, _ label: String, type: String = "text", value: String = "", hint: String? = nil,
        isRequired: Bool = true, autocomplete: String = "off", min: Int? = nil, max: Int? = nil, id: String? = nil
    ) -> HTML {
        let id = id ?? name
        return """
            <div class="field"><label for="\(id)">\(label)\(
                isRequired ? HTML.nothing : " <span class=\"sub\">optional</span>")</label>
            <input id="\(id)" name="\(name)" type="\(type)" value="\(value)" autocomplete="\(autocomplete)"\(
                min.map { " min=\"\($0)\"" as HTML })\(max.map { " max=\"\($0)\"" as HTML })\(
                hint == nil ? HTML.nothing : " aria-describedby=\"\(id)-hint\"")\(
                isRequired ? " required" as HTML : HTML.nothing)>
            \(hint.map { "<p class=\"hint\" id=\"\(id)-hint\">\($0)</p>" as HTML })</div>
            """
    }

    static func select(
        _ name: String, _ label: String, _ choices: [(value: String, label: String)], selected: String = "",
        id: String? = nil, isQuiet: Bool = false
    ) -> HTML {
        let id = id ?? name
        return """
            <div class="field"><label for="\(id)"\(isQuiet ? " class=\"sr\"" as HTML : HTML.nothing)>\(label)</label>
            <select id="\(id)" name="\(name)">\(choices.html { choice in
                """
                <option value="\(choice.value)"\(choice.value == selected ? " selected" as HTML : HTML.nothing)>\
                \(choice.label)</option>
                """
            })</select></div>
            """
    }

    static func check(_ name: String, _ label: String, isOn: Bool = false) -> HTML {
        """
        <div class="field check"><label><input type="checkbox" name="\(name)" value="1"\(
            isOn ? " checked" as HTML : HTML.nothing)> \(label)</label></div>
        """
    }

    /// A form of one button.
    static func button(
        _ visit: GuideVisit, _ path: String, _ label: String, style: String = "", _ hidden: [(String, String)] = []
    ) -> HTML {
        """
        <form method="post" action="\(path)">\(token(visit))\(hidden.html { Fields.hidden($0.0, $0.1) })\
        <button class="\(style)">\(label)</button></form>
        """
    }
}
